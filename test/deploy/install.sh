#!/usr/bin/env bash
# Fetches nginx from Debian into .nginx/ without being root and without starting it; does nothing where there is one.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() { echo "test/deploy/install.sh: $*" >&2; exit 1; }

PATH=$PATH:/usr/sbin:/usr/local/sbin
command -v nginx >/dev/null && exit 0
[ -x .nginx/usr/sbin/nginx ] && exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
  fail "there is no nginx here, and no apt-get"

into=$(mktemp -d .nginx.XXXXXX)
trap 'rm -rf "$into"' EXIT
cd "$into"
apt-get download -qq nginx >/dev/null 2>&1 ||
  fail "apt-get cannot download nginx; run apt-get update as root, or install nginx"
# What it is linked with is on most machines already, and some of it has another name on some.
for library in libpcre2-8-0 zlib1g libcrypt1 libssl3 libssl3t64; do
  apt-get download -qq "$library" >/dev/null 2>&1 || true
done
for package in *.deb; do dpkg-deb -x "$package" unpacked; done
libraries=$(echo "$PWD"/unpacked/usr/lib/*-linux-gnu*)
LD_LIBRARY_PATH=${libraries// /:} unpacked/usr/sbin/nginx -v >/dev/null 2>&1 ||
  fail "the nginx of this Debian does not run without being installed; install nginx"
cd ..
rm -rf .nginx && mv "$into/unpacked" .nginx
