#!/usr/bin/env bash
# Runs the suite and then every experiment at its full number, and prints what came of each promise last. Fails when one of
# them failed, when one left something out, or when a promise of docs/safety.md has no line in the end.
set -uo pipefail
cd "$(dirname "$0")/.."
suite=$(mktemp)
long=$(mktemp)
trap 'rm -f "$suite" "$long"' EXIT
failed=()

run() { # the verb, and where its output goes
  echo "make $1"
  make --no-print-directory $1 2>&1 | tee -a "$2"
  [ "${PIPESTATUS[0]}" -eq 0 ] || failed+=("$1")
}

run test "$suite"
run test-pg "$suite"
# What was skipped is no proof: from here on whatever cannot be tried fails.
export PENSION_TEST_MUST=1
for verb in test-crash test-pg-crash test-disk test-races 'test-races STORE=postgres' test-attack test-oracle test-audit test-wsrm test-backlog test-backup test-deploy 'test-deploy STORE=postgres' soak; do
  run "$verb" "$long"
done

# Of the suite only what is proved nowhere else: the rest is there in small.
lines=$(
  grep -E '^[0-9]+ passed, ' "$suite" | sed 's/^/      suite: /'
  grep -ohE ' {6}S[456]: .*' "$suite"
  grep -ohE ' {6}((R|S)[0-9]+|overload|oracle|soak|backup|restore)( on PostgreSQL)?: .*' "$long" | grep -v ': skipped'
)
echo
echo "What came of the promises:"
echo "$lines"

# Each id in the first column of the tables, and what has a line without one.
ids=$(sed -nE 's/^\| ((R|S)[0-9]+( on PostgreSQL)?|backup|oracle|overload|soak) \|.*/\1/p' docs/safety.md)
[ "$(wc -l <<<"$ids")" -ge 26 ] || failed+=("docs/safety.md:no-ids")
while IFS= read -r id; do
  grep -qE "^ +$id: " <<<"$lines" || failed+=("$id:no-line")
done <<<"suite
$ids"
if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}"
  exit 1
fi
