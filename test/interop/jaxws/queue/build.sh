#!/usr/bin/env bash
# Generates and compiles the JAX-WS client of the queue: build.sh WSDL-DIR OUT. Everything made goes to OUT.
set -euo pipefail

wsdl=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
bindings=$here/../../../../wsdl/jaxws-bindings.xml
mkdir -p "$out/src" "$out/classes"

# Without -b the messages of WsrmService would be taken apart into their elements. Without -p the packages are named
# after the namespaces, and what is made for one service and for the other fits together.
for service in WsrmService WsrmMessageService; do
  wsimport -b "$bindings" -XadditionalHeaders -Xnocompile -s "$out/src" "$wsdl/$service.wsdl"
  # The client reads the WSDL once more at run time: it takes its own copy along.
  cp "$wsdl/$service.wsdl" "$out/classes/"
done

classpath=$(bash "$here/../classpath.sh")
find "$out/src" -name '*.java' > "$out/generated"
javac -encoding UTF-8 -cp "$classpath" -d "$out/classes" "@$out/generated"
shared=("$here"/../{ClientTls,Driving,HeaderRemover,PensionFault,Ports}.java)
javac -encoding UTF-8 -Xlint:all,-path -Werror -cp "$classpath:$out/classes" -d "$out/classes" "${shared[@]}" "$here"/*.java
