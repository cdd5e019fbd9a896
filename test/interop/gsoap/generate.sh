#!/usr/bin/env bash
# Generates the C++ of the gSOAP client: generate.sh WSDL OUT. WSDL is a file or an address. Everything goes to OUT.
set -euo pipefail

wsdl=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

wsdl2h -t "$here/typemap.dat" -o "$out/PensionService.h" "$wsdl"

# -j: proxy classes that share a soap context; -C: client side only; -x: no sample messages.
# -I: where stlvector.h and its like are, which wsdl2h has the header import.
import=$(dirname "$(dpkg -L gsoap | grep '/import/stlvector\.h$')")
cd "$out" && soapcpp2 -j -C -x -I "$import" PensionService.h
