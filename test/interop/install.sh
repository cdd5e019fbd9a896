#!/usr/bin/env bash
# Installs from Debian what the four foreign clients need; does nothing where all of it is there.
set -euo pipefail

packages=(
  python3-zeep                 # zeep, for Debian's own python3
  php-cli php-soap             # PHP SoapClient
  gsoap libgsoap-dev           # wsdl2h, soapcpp2 and their run-time library
  g++ libssl-dev               # which is compiled and linked with OpenSSL
  jaxws default-jdk-headless   # wsimport, its run-time jars, javac and java
  openssl                      # PEM to PKCS12, which is what Java reads
)

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Any JDK of 11 or newer will do, from Debian's default package or not.
has_jdk() {
  local version
  version=$(javac -version 2>&1 | sed -nE 's/^javac ([0-9]+).*/\1/p') || return 1
  [ -n "$version" ] && [ "$version" -ge 11 ]
}

fail() { echo "test/interop/install.sh: $*" >&2; exit 1; }

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
  fail "this needs Debian (or Ubuntu): there is no apt-get here. Install by hand: ${packages[*]}"

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" && continue
  [ "$package" = default-jdk-headless ] && has_jdk && continue
  missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

[ "$(id -u)" -eq 0 ] || fail "not root; run this first: sudo apt-get install --no-install-recommends ${missing[*]}"

echo "Installing from Debian: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || fail "apt-get update failed; is there a way to a Debian mirror?"
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || fail "apt-get could not install: ${missing[*]}"
