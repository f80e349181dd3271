#!/usr/bin/env bash
# libFuzzer on a reader of outside bytes: Tests/fuzz.sh READER [RUNS [SECONDS]]; without a READER, their names.
# New inputs stay in .build-fuzz/corpus/READER; one that breaks a promise is kept as .build-fuzz/found/READER-….
# Exit status 77 or 1 of libFuzzer: something was found.
set -euo pipefail
cd "$(dirname "$0")/.."
reader=${1:-} runs=${2:-1000000} seconds=${3:-0}
swift build -c release --package-path Tests/Fuzz --scratch-path .build-fuzz --product fuzz \
  -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld -Xcc -fsanitize=fuzzer-no-link
mkdir -p ".build-fuzz/corpus/$reader" .build-fuzz/found
dictionary=()
if [ -f "Tests/Fuzz/Words/$reader.txt" ]; then dictionary=("-dict=Tests/Fuzz/Words/$reader.txt"); fi
# Next to no environment: the YAML reader walks through it for every document.
exec env -i TMPDIR="${TMPDIR:-/tmp}" PYLON_FUZZ_READER="$reader" SWIFT_BACKTRACE=enable=no .build-fuzz/release/fuzz \
  -runs="$runs" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=512 \
  -artifact_prefix=".build-fuzz/found/$reader-" -print_final_stats=1 "${dictionary[@]}" \
  ".build-fuzz/corpus/$reader" "Tests/Fuzz/Corpus/$reader"
