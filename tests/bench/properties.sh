#!/usr/bin/env bash
# The properties of the ways back (undo gives the state before) with other cases at each round; tests/run.sh takes the same every time.
#   tests/bench/properties.sh [rounds]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LBCTL_SEED=random
dotnet build tests/LbRunbook.Tests -c Release -v q -nologo
for ((round = 1; round <= ${1:-20}; round++)); do
    tests/LbRunbook.Tests/bin/Release/net10.0/LbRunbook.Tests -namespace 'LbRunbook.Tests.Engine.Past.Reversal' -noLogo -noColor
done
