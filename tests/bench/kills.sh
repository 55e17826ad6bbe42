#!/usr/bin/env bash
# kill -9 of a failover at a moment of chance, then resume or undo, many times, in a lab of its own:
#   tests/bench/kills.sh [kills] [seed]
# Every time there must be one holder that serves, and nothing left behind; the first time that it is not so is the end. tests/run.sh does a few of the same.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LBCTL_KILLS=${1:-500}
[[ -z ${2:-} ]] || export LBCTL_KILLS_SEED=$2
dotnet build tests/LbRunbook.SystemTests -c Release -v q -nologo
exec tests/LbRunbook.SystemTests/bin/Release/net10.0/LbRunbook.SystemTests -class '*RandomKillTests' -showLiveOutput
