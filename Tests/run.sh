#!/usr/bin/env bash
# Installs what the tests need, builds (warnings are errors: Package.swift), tests, and runs the shipped scenario
# twice in two processes: the same bytes, and the golden ones.
set -euo pipefail
cd "$(dirname "$0")/.."
bash Tests/install.sh
swift build --build-tests --explicit-target-dependency-import-check error
swift test --skip-build
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pylon="$(swift build --show-bin-path)/pylon"
"$pylon" run Scenarios/two-zones.yaml --out "$work/a"
"$pylon" run Scenarios/two-zones.yaml --out "$work/b" --quiet
cmp "$work/a/jobs.csv" "$work/b/jobs.csv"
cmp "$work/a/metrics.csv" "$work/b/metrics.csv"
cmp "$work/a/metrics.csv" Results/two-zones/metrics.csv
status=0
"$pylon" validate Scenarios/two-zones.yaml --set zones.NORTH.pue=0.5 2>/dev/null || status=$?
[ "$status" = 2 ] || { echo "bad input left with $status, expected 2"; exit 1; }
echo "end to end: the same bytes in two processes"
