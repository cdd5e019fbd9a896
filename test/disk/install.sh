#!/usr/bin/env bash
# Fetches strace from Debian into .strace/ without being root; does nothing where there is one.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() { echo "test/disk/install.sh: $*" >&2; exit 1; }

command -v strace >/dev/null && exit 0
[ -x .strace/usr/bin/strace ] && exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
  fail "there is no strace here, and no apt-get"

into=$(mktemp -d .strace.XXXXXX)
trap 'rm -rf "$into"' EXIT
cd "$into"
apt-get download -qq strace libunwind8 liblzma5 >/dev/null 2>&1 ||
  fail "apt-get cannot download strace; run apt-get update as root, or install strace"
for package in *.deb; do dpkg-deb -x "$package" unpacked; done
cd ..
rm -rf .strace && mv "$into/unpacked" .strace
