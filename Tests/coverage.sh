#!/usr/bin/env bash
# coverage.sh [--missing]: what share of the lines of Engine, Policies, Metrics, Results, ResultReading and Audit all
# tests run, those of the program's own processes among them; with --missing every line that none runs. Builds in
# .build-coverage.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=.build-coverage
swift build --build-tests --enable-code-coverage --scratch-path "$scratch"
binaries=$(swift build --show-bin-path --scratch-path "$scratch")
# The toolchain's own: another version does not read these profiles.
tools=$(dirname "$(readlink -f "$(command -v swift)")")
profiles="$PWD/$scratch/profiles"
rm -rf "$profiles"
mkdir -p "$profiles"
# A pool of four files that processes add to: whoever is killed adds nothing. Where no file may grow, a process says
# that it cannot write its profile, and the test of that finds more said than it should be.
LLVM_PROFILE_FILE="$profiles/%4m.profraw" "$binaries/pylonPackageTests.xctest" --testing-library swift-testing \
  --skip aDiskThatFills > "$scratch/tests.log" 2>&1 || { grep -a '✘' "$scratch/tests.log"; exit 1; }
# A file that a process was killed in the midst of is told and left out; what it alone has counts as not run.
"$tools/llvm-profdata" merge -sparse --failure-mode=all "$profiles"/*.profraw -o "$scratch/all.profdata"
cover=("$tools/llvm-cov")
of=("$binaries/pylonPackageTests.xctest" -instr-profile "$scratch/all.profdata")
for target in Engine Policies Metrics Results ResultReading Audit; do
  "${cover[@]}" report "${of[@]}" "Sources/$target" | awk -v target="$target" \
    '$1 == "TOTAL" { printf "%-13s %5d lines, %4d not run, %s\n", target, $8, $9, $10 }'
done
if [ "${1:-}" = --missing ]; then
  "${cover[@]}" export -format=lcov "${of[@]}" Sources/{Engine,Policies,Metrics,Results,ResultReading,Audit} \
    | awk -v root="$PWD/" -F'[:,]' '$1 == "SF" { file = substr($2, length(root) + 1) }
        $1 == "DA" && $3 == 0 { print file ":" $2 }'
fi
