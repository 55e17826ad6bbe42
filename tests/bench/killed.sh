#!/usr/bin/env bash
# kill -9 at every place of every step of a planned failover, and of isolate-backend, drain, restore-backend, auto-recover, scale-out and scale-in, on HAProxy and nginx:
# from each place once undo and once resume (or the same command again), and the state compared field by field. tests/run.sh does a part of the same.
#   tests/bench/killed.sh [test class]…
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LBCTL_KILL_EVERYWHERE=1
classes=("$@")
[[ $# -gt 0 ]] || classes=(KilledPlannedFailoverTests Killed{Haproxy,Nginx}{Backend,Recover,Scale}Tests)
dotnet build tests/LbRunbook.SystemTests -c Release -v q -nologo
mapfile -t options < <(printf -- '-class\n*.%s\n' "${classes[@]}")
exec tests/LbRunbook.SystemTests/bin/Release/net10.0/LbRunbook.SystemTests "${options[@]}" -showLiveOutput -maxThreads 2
