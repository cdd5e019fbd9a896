#!/usr/bin/env bash
# Prints the class path of JAX-WS as Debian packages it; a project of your own has its build tool for this.
set -euo pipefail

# The manifest of this jar names those that it needs.
dpkg -L libjaxws-java | grep '/jaxws-rt\.jar$'
