#!/usr/bin/env bash
# Builds lbctl for linux-arm64 and runs it: natively on such a machine, elsewhere cross-built with Debian's tools and run under
# qemu's user mode. What is tried is what needs no other host: --help, --version, and a configuration that is wrong and one that is
# right. Not part of tests/run.sh: the build takes minutes. The last line is a summary.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DEBIAN_FRONTEND=noninteractive

folder=$PWD/artifacts/linux-arm64
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
options=()
run=()

fail() {
    printf 'linux-arm64: %s\n' "$1" >&2
    exit 1
}

prepare_cross_build() {
    local missing=()
    command -v aarch64-linux-gnu-gcc >/dev/null || missing+=(gcc-aarch64-linux-gnu)
    [[ -e /usr/aarch64-linux-gnu/lib/crt1.o ]] || missing+=(libc6-dev-arm64-cross)
    command -v qemu-aarch64-static >/dev/null || missing+=(qemu-user-static)
    if [[ ${#missing[@]} -gt 0 ]]; then
        [[ $EUID -eq 0 ]] || fail "missing: ${missing[*]} (root installs them)"
        printf 'installing %s\n' "${missing[*]}"
        apt-get update -q >/dev/null
        apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
    fi
    # The SDK tells every cross linker its target the way clang wants it; gcc has the target in its name.
    cat >"$scratch/aarch64-gcc" <<'END'
#!/bin/bash
for argument; do
    shift
    [[ $argument == --target=* ]] || set -- "$@" "$argument"
done
exec aarch64-linux-gnu-gcc "$@"
END
    chmod +x "$scratch/aarch64-gcc"
    options=(-p:CppCompilerAndLinker="$scratch/aarch64-gcc" -p:ObjCopyName=aarch64-linux-gnu-objcopy)
    run=(qemu-aarch64-static -L /usr/aarch64-linux-gnu)
}

# $1 expected exit code  $2 a piece of the expected output  $3… arguments
expect() {
    local code=0 wanted=$1 piece=$2 said
    shift 2
    said=$(env -u LBCTL_CONFIG -u LBCTL_CLUSTER XDG_STATE_HOME="$scratch" "${run[@]}" "$folder/lbctl" "$@" 2>&1) || code=$?
    if [[ $code -ne $wanted || $said != *"$piece"* ]]; then
        printf '%s\n' "$said" >&2
        fail "lbctl $* ended with $code, expected $wanted and '$piece'"
    fi
    printf 'ok: lbctl %s\n' "${*//$scratch\//}"
}

[[ $(uname -m) == aarch64 ]] || prepare_cross_build
dotnet publish src/LbRunbook.Cli -c Release -r linux-arm64 --artifacts-path artifacts/publish-arm64 -o "$folder" \
    -p:RunAnalyzers=false --disable-build-servers -v quiet "${options[@]}"

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' src/Directory.Build.props)
cat >"$scratch/wrong.yaml" <<'END'
cluster: web
environment: lib
nodes: []
END
expect 0 "$version" --version
expect 0 "failover" --help
expect 78 "2 errors in the configuration" --config "$scratch/wrong.yaml" assess
# A good one is read to its end before a node that is not in it is refused; nobody is contacted.
expect 64 "did you mean lb1" --config config/lbctl.example.yaml failover lb1 lb9
expect 64 'in cluster web-prod; nodes: lb1, lb2' --config config/lbctl.example.yaml failover lb1 lb9 --output json
printf 'linux-arm64: built (%d bytes) and run %s\n' "$(stat -c %s "$folder/lbctl")" "${run[0]:-here}"
