#!/usr/bin/env bash
# Generates the C++ of the gSOAP client of the queue: generate.sh WSDL-DIR OUT. WSDL-DIR has both WSDLs, each in one file.
set -euo pipefail

wsdl=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

# wsdl2h takes each namespace below ws-rx/wsrm for the WS-ReliableMessaging that is built into it, and leaves our types
# out. So it reads another name, and soapcpp2 gets the real one back.
real=http://docs.oasis-open.org/ws-rx/wsrm/200602
other=urn:not-built-in:wsrm
for service in WsrmService WsrmMessageService; do
  sed "s|$real|$other|g" "$wsdl/$service.wsdl" > "$out/$service.wsdl"
done
sed "s|$real|$other|g" "$here/../typemap.dat" > "$out/typemap.dat"
# -P: no wrappers for what derives from xs:anyType, which AcksTo and Offer are.
wsdl2h -P -t "$out/typemap.dat" -o "$out/Queue.h" "$out/WsrmService.wsdl" "$out/WsrmMessageService.wsdl"
sed -i "s|$other|$real|g" "$out/Queue.h"

import=$(dirname "$(dpkg -L gsoap | grep '/import/stlvector\.h$')")
cd "$out" && soapcpp2 -j -C -x -I "$import" Queue.h
