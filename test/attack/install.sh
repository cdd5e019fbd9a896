#!/usr/bin/env bash
# Installs from Debian what the oracle needs: xmllint and python3; does nothing where both are there.
set -euo pipefail

missing=()
command -v xmllint >/dev/null || missing+=(libxml2-utils)
command -v python3 >/dev/null || missing+=(python3)
[ ${#missing[@]} -eq 0 ] && exit 0

fail() { echo "test/attack/install.sh: $*" >&2; exit 1; }

command -v apt-get >/dev/null ||
  fail "this needs Debian (or Ubuntu): there is no apt-get here. Install by hand: ${missing[*]}"
[ "$(id -u)" -eq 0 ] || fail "not root; run this first: sudo apt-get install --no-install-recommends ${missing[*]}"

echo "Installing from Debian: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || fail "apt-get update failed; is there a way to a Debian mirror?"
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || fail "apt-get could not install: ${missing[*]}"
