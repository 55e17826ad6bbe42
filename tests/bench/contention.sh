#!/usr/bin/env bash
# Twenty failovers at the same moment, in opposite directions, from operators who share nothing but the nodes: who acts, who is told
# what. A report, not a test (the tests run two rounds of it):
#   tests/bench/contention.sh [rounds]
# LBCTL_BIN=FILE measures that binary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" LBCTL_CONTENTION_ROUNDS=${1:-20}
[[ $EUID -eq 0 ]] || { echo "a lab needs root: sudo $0" >&2; exit 3; }
tests=tests/LbRunbook.SystemTests/bin/Debug/net10.0/LbRunbook.SystemTests
[[ -x $tests ]] || dotnet build tests/LbRunbook.SystemTests -v quiet -nologo
code=0
"$tests" -class '*ContentionTests' -showLiveOutput -noColor </dev/null >"${TMPDIR:-/tmp}/contention.$$" 2>&1 || code=$?
grep -oE 'round [0-9]+: .*' "${TMPDIR:-/tmp}/contention.$$" || true
[[ $code -eq 0 ]] || cat "${TMPDIR:-/tmp}/contention.$$"
rm -f "${TMPDIR:-/tmp}/contention.$$"
printf '%d cores, load %s\n' "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
exit "$code"
