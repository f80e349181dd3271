#!/usr/bin/env bash
# sanitize.sh address|thread [SCENARIOS [SEED [OPTION]…]]: all tests, and a swarm of so many scenarios (200), under a
# sanitizer of the toolchain; address looks for leaks too. The program that tests start is sanitized as they are.
# Options go to the tests (--filter, --skip); those that confine a process to a gigabyte of addresses or to small files
# are left out, as a sanitizer wants more. Built as users have it, optimised, which takes minutes for hours, in
# .build-asan or .build-tsan, where what they said and what was found stays; leaves with 1 where something was.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
address) scratch=.build-asan ;;
thread) scratch=.build-tsan ;;
*) echo "usage: sanitize.sh address|thread [SCENARIOS [SEED [OPTION]…]]" >&2; exit 2 ;;
esac
how=(-c release -Xswiftc -enable-testing --sanitize="$1" --scratch-path "$scratch")
swift build --build-tests "${how[@]}"
binaries=$(swift build --show-bin-path "${how[@]}")
reports="$PWD/$scratch/reports"
rm -rf "$reports"
mkdir -p "$reports"
# Every process writes what it finds to a file of its own; what is suppressed stands with its reason in the lists.
lists="$PWD/Tests/Sanitizers"
export ASAN_OPTIONS="detect_leaks=1:log_path=$reports/address"
export LSAN_OPTIONS="suppressions=$lists/leaks.txt:print_suppressions=0"
export TSAN_OPTIONS="suppressions=$lists/races.txt:log_path=$reports/thread"
# The backtracer would take crashes away from the sanitizer.
export SWIFT_BACKTRACE=enable=no
status=0
"$binaries/pylonPackageTests.xctest" --testing-library swift-testing --skip 'HostileTests|aDiskThatFills' "${@:4}" > "$scratch/tests.log" 2>&1 || status=$?
grep -a '✘\|^[^ ]* Test run' "$scratch/tests.log" || true
"$binaries/pylon" swarm --seed "${3:-7}" --runs "${2:-200}" || status=$?
for report in "$reports"/*; do
  [ -e "$report" ] || continue
  status=1
  echo "--- $report"
  head -60 "$report"
done
[ "$status" = 0 ] && echo "sanitize: $1 found nothing"
exit "$([ "$status" = 0 ] && echo 0 || echo 1)"
