#!/usr/bin/env bash
# Installs what the tests need, builds (warnings are errors: Package.swift), tests, and runs the shipped scenario
# twice in two processes: the same bytes, and the golden ones.
set -euo pipefail
cd "$(dirname "$0")/.."
bash Tests/install.sh
swift build --build-tests --explicit-target-dependency-import-check error
swift test --skip-build
# A package of a policy of one's own, in the same build directory: what is built already serves again.
swift test --package-path Tests/ExamplePolicy --scratch-path .build
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pylon="$(swift build --show-bin-path)/pylon"
"$pylon" run Scenarios/two-zones.yaml --out "$work/a"
"$pylon" run Scenarios/two-zones.yaml --out "$work/b" --quiet
cmp "$work/a/jobs.csv" "$work/b/jobs.csv"
cmp "$work/a/metrics.csv" "$work/b/metrics.csv"
cmp "$work/a/zones.csv" "$work/b/zones.csv"
diff -r "$work/a/plots" "$work/b/plots"
cmp "$work/a/metrics.csv" Results/two-zones/metrics.csv
cmp "$work/a/zones.csv" Results/two-zones/zones.csv
diff -r Plots/two-zones "$work/a/plots"
database="$work/a/results.sqlite"
# A chart that another process draws of the tables is the run's.
for chart in "$work"/a/plots/chart-*.svg; do
  name=$(basename "$chart" .svg)
  "$pylon" plot "$database" --chart "${name#chart-}" | cmp - "$chart"
done
[ "$(sqlite3 "$database" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ]
"$pylon" audit "$database" --quiet
cp "$database" "$work/planted.sqlite"
sqlite3 "$work/planted.sqlite" "UPDATE compute_workloads SET carbon_emitted_kg = carbon_emitted_kg * 1.000001
  WHERE run_id = 2 AND job_id = 'job-0123'"
status=0
"$pylon" audit "$work/planted.sqlite" > "$work/planted.txt" || status=$?
[ "$status" = 1 ] || { echo "an audit of a planted error left with $status, expected 1"; exit 1; }
grep -q '^FAILED run 2, job job-0123, carbon_emitted_kg: stored .*, relative difference 1.0e-6$' "$work/planted.txt"
: > "$work/empty.sqlite"
status=0
"$pylon" audit "$work/empty.sqlite" 2>/dev/null || status=$?
[ "$status" = 2 ] || { echo "an audit of an empty file left with $status, expected 2"; exit 1; }
# The rows are the same too, but for the machine's own time.
for file in "$work/a" "$work/b"; do
  sqlite3 "$file/results.sqlite" "UPDATE runs SET wall_clock_simulation_s = NULL, wall_clock_decision_p50_ns = NULL,
    wall_clock_decision_p99_ns = NULL"
  sqlite3 "$file/results.sqlite" .dump > "$file/dump.sql"
done
cmp "$work/a/dump.sql" "$work/b/dump.sql"
told=$(sqlite3 "$database" "SELECT printf('%.6f', carbon_kg) FROM metrics_wide WHERE policy = 'greedy-lowest-carbon'")
[ "$told" = 793.510812 ] || { echo "results.sqlite tells $told kg, expected 793.510812"; exit 1; }
status=0
"$pylon" validate Scenarios/two-zones.yaml --set zones.NORTH.pue=0.5 2>/dev/null || status=$?
[ "$status" = 2 ] || { echo "bad input left with $status, expected 2"; exit 1; }
# The shipped scenarios pass their checks; a figure that moved fails them, and the reports tell it.
"$pylon" check Scenarios --junit "$work/checks.xml" --markdown "$work/checks.md"
status=0
"$pylon" check Scenarios/two-zones.yaml --set zones.NORTH.pue=1.21 > "$work/moved.txt" || status=$?
[ "$status" = 1 ] || { echo "a check of a moved figure left with $status, expected 1"; exit 1; }
grep -q 'carbon_kg of standard, replication 1: .* → .* (+' "$work/moved.txt"
# An executable of one's own is pylon with one policy more.
own="$(dirname "$pylon")/my-pylon"
"$own" policies | grep -q '^two-choices: '
"$own" run Scenarios/gb-week.yaml --policy two-choices --out "$work/own" --quiet
"$own" audit "$work/own/results.sqlite" --quiet
# The tutorials print what the book says they print, and the book builds without a warning.
command -v python3 >/dev/null || { echo "the tutorials need python3"; exit 1; }
python3 Tests/tutorials.py "$pylon"
bash Tests/book.sh "$work/book"
# Any number of threads gives the same bytes.
for threads in 1 3; do
  "$pylon" run Scenarios/gb-week.yaml --set replications=3 --set workload.rate=1 --set outputs.decisions=all \
    --threads $threads --quiet \
    --out "$work/threads-$threads"
  sqlite3 "$work/threads-$threads/results.sqlite" "UPDATE runs SET wall_clock_simulation_s = NULL,
    wall_clock_decision_p50_ns = NULL, wall_clock_decision_p99_ns = NULL"
  sqlite3 "$work/threads-$threads/results.sqlite" .dump > "$work/threads-$threads/dump.sql"
  rm "$work/threads-$threads/results.sqlite"
done
diff -r "$work/threads-1" "$work/threads-3"
# A sweep that is killed again and again ends with the bytes of one that is not.
bash Tests/kill-sweep.sh "$pylon" 10
# So does one on Slurm; in CI, Slurm is installed for it.
if command -v slurmctld >/dev/null || [ -n "${CI:-}" ]; then bash Tests/slurm-sweep.sh "$pylon"; fi
echo "end to end: the same bytes in two processes"
