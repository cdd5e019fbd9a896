#!/usr/bin/env bash
# Compiles the gSOAP client of the queue with what generate.sh made: compile.sh OUT. Leaves OUT/drive_queue.
set -euo pipefail

out=$1
here=$(cd "$(dirname "$0")" && pwd)
# WITH_OPENSSL must stand on the line of every file: it changes the layout of struct soap.
flags=(-std=c++17 -Wall -Wextra -DWITH_OPENSSL -I "$out" -I "$here")
proxies=("$out/soapWsrmServiceBindingProxy.cpp" "$out/soapWsrmMessageServiceBindingProxy.cpp")
g++ "${flags[@]}" "$out/soapC.cpp" "${proxies[@]}" "$here/queue_client.cpp" "$here/drive_queue.cpp" \
  -lgsoapssl++ -lssl -lcrypto -o "$out/drive_queue"
