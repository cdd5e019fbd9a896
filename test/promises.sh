#!/usr/bin/env bash
# Runs every experiment at its full number, and prints what came of each promise last. Fails when one of them failed.
set -uo pipefail
cd "$(dirname "$0")/.."
said=$(mktemp)
trap 'rm -f "$said"' EXIT
failed=()
for verb in test-crash test-disk test-races test-attack test-oracle test-audit test-wsrm test-backlog test-backup soak; do
  echo "make $verb"
  make --no-print-directory "$verb" 2>&1 | tee -a "$said"
  [ "${PIPESTATUS[0]}" -eq 0 ] || failed+=("$verb")
done
echo
echo "What came of the promises:"
grep -E '^ +((R|S)[0-9]+|overload|oracle|soak):' "$said"
if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}"
  exit 1
fi
