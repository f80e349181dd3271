#!/usr/bin/env bash
# kill-sweep.sh PYLON KILLS: kills a sweep so often, at random moments, finishes it, and compares its table to that of an
# undisturbed one. Prints the seed of the moments; SEED=… repeats them.
set -euo pipefail
cd "$(dirname "$0")/.."
pylon=$1
kills=$2
RANDOM=${SEED:=$RANDOM}
echo "kill-sweep: SEED=$SEED"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed 's/^replications: .*/replications: 10/' Scenarios/gb-week.yaml > "$work/swept.yaml"
echo 'sweep: {grid: {workload.rate: [1, 2], grid.forecast.error: [0, 0.5, 1]}}' >> "$work/swept.yaml"
mkdir -p "$work/killed/units"
done_units() { find "$work/killed/units" -name "*.csv" | wc -l; }
begun=0
for ((i = 0; i < kills; i++)); do
  # Where all is done, a few finished units are taken away, so that there is something to be killed.
  if [ "$(done_units)" = 60 ]; then find "$work/killed/units" -name '*.csv' | sort | head -n 40 | xargs rm; fi
  before=$(done_units)
  "$pylon" sweep run "$work/swept.yaml" --out "$work/killed" --quiet &
  task=$!
  sleep "0.$(printf '%03d' $((20 + RANDOM % 900)))"
  kill -9 $task 2>/dev/null || true
  wait $task 2>/dev/null || true
  after=$(done_units)
  [ "$after" -ge "$before" ] || { echo "kill-sweep: finished units were lost"; exit 1; }
  if [ "$after" -gt "$before" ] && [ "$after" -lt 60 ]; then begun=$((begun + 1)); fi
done
"$pylon" sweep run "$work/swept.yaml" --out "$work/killed" --quiet
"$pylon" sweep run "$work/swept.yaml" --out "$work/whole" --quiet
cmp "$work/killed/sweep.csv" "$work/whole/sweep.csv"
for unit in "$work"/whole/units/*.csv; do cmp "$unit" "$work/killed/units/$(basename "$unit")"; done
echo "kill-sweep: $kills kills, $begun of them amid the work: the same bytes"
