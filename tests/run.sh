#!/usr/bin/env bash
# Installs what the tests need, builds everything once, runs all tests, unattended. The last line: N passed, N failed, N skipped.
#
#   tests/run.sh                       everything
#   tests/run.sh --quick               while working: no analyzers, the unit tests, and one smoke test in the lab (under three minutes)
#   tests/run.sh -class '*Probe*'      what xunit's runner understands: -class, -method, -namespace, -trait, -filter …
#
# As root the tests of the lab, of real daemons and of network namespaces run, too; without, they are skipped and say so. As root a
# test that is skipped has failed, unless its reason names what the kernel of this machine cannot do ("this kernel …").
# LBCTL_BIN=FILE tests that binary instead of building one.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 DEBIAN_FRONTEND=noninteractive
exec </dev/null

results=$PWD/artifacts/tests
passed=0 failed=0 skipped=0
publisher=
quick=
if [[ ${1:-} == --quick ]]; then
    quick=yes
    shift
fi

section() { printf '\n== %s (%d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

install_packages() {
    section "packages"
    if [[ $EUID -ne 0 ]]; then
        printf 'not root: nothing is installed, and tests that need root are skipped\n'
    else
        ./install.sh --test-packages || printf 'some packages could not be installed: tests that need them will fail\n'
    fi
}

build() {
    section "build${quick:+, without analyzers}"
    dotnet build LbRunbook.sln --disable-build-servers -v quiet ${quick:+-p:RunAnalyzers=false}
}

# What install.sh installs, in a folder of its own: beside the build and the unit tests, with what they leave of the processor.
start_publishing() {
    [[ -z ${LBCTL_BIN:-} ]] || return 0
    if [[ -n $quick ]]; then
        # Not the file that is installed, but the same code.
        LBCTL_BIN=$PWD/src/LbRunbook.Cli/bin/Debug/net10.0/lbctl
        return 0
    fi
    setsid nice -n 19 ./install.sh --build >"$results/publish.log" 2>&1 &
    publisher=$!
    LBCTL_BIN=$PWD/artifacts/$(uname -m | sed 's/x86_64/linux-x64/; s/aarch64/linux-arm64/')/lbctl
}

await_binary() {
    local code=0
    if [[ -n $publisher ]]; then
        section "publish"
        wait "$publisher" || code=$?
        publisher=
        cat "$results/publish.log"
        [[ $code -eq 0 ]] || exit "$code"
    fi
    export LBCTL_BIN
}

# $1 project  $2 what of it, "" = all  $3 seconds at most  $4 reporter  $5… options
run_tests() {
    local project=$1 part=$1${2:+, $2} seconds=$3 reporter=$4 code=0
    shift 4
    section "$part"
    rm -f "$results/$part.xml"
    timeout --foreground -k 20 "$seconds" "tests/$project/bin/Debug/net10.0/$project" -result-xml "$results/$part.xml" -noLogo -noColor -noAutoReporters \
        -reporter "$reporter" "$@" &
    local runner=$!
    wait "$runner" || code=$?
    add_up "$part" "$code"
}

attribute() { grep -o "<assembly [^>]*" "$2" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'; }

# From the result file, not from the screen. Errors are failures outside of any test, such as those of a fixture's clean-up.
add_up() {
    local file=$results/$1.xml
    if [[ ! -s $file ]] || ! grep -q '</assemblies>' "$file"; then
        printf '%s ended with exit code %d and left no result\n' "$1" "$2"
        failed=$((failed + 1))
        return
    fi
    local bad
    bad=$(($(attribute failed "$file") + $(attribute errors "$file")))
    passed=$((passed + $(attribute passed "$file")))
    skipped=$((skipped + $(attribute skipped "$file")))
    if [[ $2 -ne 0 && $bad -eq 0 ]] && grep -q '<assembly .*total="[1-9]' "$file"; then
        printf '%s ended with exit code %d although no test failed\n' "$1" "$2"
        bad=1
    fi
    failed=$((failed + bad))
}

# $1 result  $2 element: of each test with that result its name, a tab, and the text of that element on the same line.
list() {
    local file
    for file in "$results"/*.xml; do
        [[ -s $file ]] || continue
        # One record for each tag.
        awk -v result="$1" -v element="$2" 'BEGIN { RS = "<" }
            function plain(text) {
                gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text)
                gsub(/(\r|\n|&#x[AD];)+/, " ", text); gsub(/&amp;/, "\\&", text)
                return substr(text, 1, 1500)
            }
            /^test / { name = ""; if (index($0, " result=\"" result "\"") && match($0, / name="[^"]*"/)) name = substr($0, RSTART + 7, RLENGTH - 8) }
            name != "" && index($0, element ">") == 1 { print plain(name) "\t" plain(substr($0, length(element) + 2)); name = "" }' "$file"
    done
}

# As root, what could have been had and was not is no skip.
judge_skipped() {
    local test reason
    while IFS=$'\t' read -r test reason; do
        if [[ $EUID -ne 0 || $reason == "this kernel"* ]]; then
            printf 'skipped: %s: %s\n' "$test" "$reason"
        else
            printf 'failed: %s: skipped as root: %s\n' "$test" "$reason"
            skipped=$((skipped - 1)) failed=$((failed + 1))
        fi
    done < <(list Skip reason)
}

# Said again at the end: a build server often keeps only the end of what was printed.
list_failed() { list Fail message | sed 's/^/failed: /; s/\t/: /'; }

# Labs of a test that was killed. Their names carry the runner's process id; labs of anybody else are left alone.
sweep_labs() {
    local lab pid
    [[ $EUID -eq 0 && -d /run/lbctl/labs && -x ${LBCTL_BIN:-} ]] || return 0
    for lab in /run/lbctl/labs/t*-*; do
        lab=${lab##*/}
        pid=${lab#t}
        pid=${pid%%-*}
        [[ $pid =~ ^[0-9]+$ && ! -e /proc/$pid ]] || continue
        "$LBCTL_BIN" lab down --name "$lab" || true
    done
}

# Every systemd of every lab host takes several; three labs side by side reach the kernel's default of 128.
allow_many_hosts() {
    local setting=/proc/sys/fs/inotify/max_user_instances
    [[ $EUID -eq 0 && -w $setting && $(<"$setting") -lt 1024 ]] || return 0
    printf '1024\n' >"$setting" || true
}

clean_up() {
    [[ -z $publisher ]] || kill -TERM -- "-$publisher" 2>/dev/null || true
    sweep_labs
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$results"
rm -f "$results"/*.xml
install_packages
allow_many_hosts
start_publishing
build
# More at a time than there are cores: some of them wait.
run_tests LbRunbook.Tests "" 400 default -maxThreads 4 "$@"
await_binary
if [[ -n $quick ]]; then
    run_tests LbRunbook.SystemTests "" 120 verbose -class '*.Failover.UndoTests'
else
    # They wait half of their time. Those that count requests come when there is less to do beside them.
    run_tests LbRunbook.SystemTests "side by side" 1200 verbose -maxThreads 4 -trait- "counts=requests" "$@"
    run_tests LbRunbook.SystemTests "counted requests" 400 verbose -maxThreads 3 -trait "counts=requests" "$@"
fi
section "done"
sweep_labs
judge_skipped
list_failed
[[ $((passed + failed)) -gt 0 ]] || printf 'no test ran\n'
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]
