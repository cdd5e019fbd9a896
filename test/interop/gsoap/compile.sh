#!/usr/bin/env bash
# Compiles the gSOAP client with what generate.sh made: compile.sh OUT. Leaves OUT/example and OUT/drive.
set -euo pipefail

out=$1
here=$(cd "$(dirname "$0")" && pwd)
# WITH_OPENSSL must stand on the line of every file: it changes the layout of struct soap.
flags=(-std=c++17 -Wall -Wextra -DWITH_OPENSSL -I "$out" -I "$here")
libraries=(-lgsoapssl++ -lssl -lcrypto)

generated=("$out/soapC.cpp" "$out/soapPensionServiceBindingProxy.cpp")
for source in "${generated[@]}" "$here/pension_client.cpp" "$here/example.cpp" "$here/drive.cpp"; do
  g++ "${flags[@]}" -c "$source" -o "$out/$(basename "$source" .cpp).o"
done
shared=("$out/soapC.o" "$out/soapPensionServiceBindingProxy.o" "$out/pension_client.o")
for program in example drive; do
  g++ "$out/$program.o" "${shared[@]}" "${libraries[@]}" -o "$out/$program"
done
