#!/usr/bin/env bash
# Generates and compiles the JAX-WS client: build.sh WSDL-FILE OUT. Everything made goes to OUT.
set -euo pipefail

wsdl=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out/src" "$out/classes"

# Without -XadditionalHeaders the two SOAP headers would not be parameters of the operations.
wsimport -XadditionalHeaders -Xnocompile -p dk.bm.pension -s "$out/src" "$wsdl"

# The client reads the WSDL once more at run time: it takes its own copy along.
cp "$wsdl" "$out/classes/PensionService.wsdl"

classpath=$(bash "$here/classpath.sh")
javac -encoding UTF-8 -cp "$classpath" -d "$out/classes" "$out"/src/dk/bm/pension/*.java
javac -encoding UTF-8 -Xlint:all,-path -Werror -cp "$classpath:$out/classes" -d "$out/classes" "$here"/*.java
