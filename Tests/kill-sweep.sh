#!/usr/bin/env bash
# kill-sweep.sh PYLON KILLS: kills a sweep so often, at random moments, finishes it, and compares its tables to those of
# an undisturbed one. Prints the seed of the moments; SEED=… repeats them.
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
# Policies that are quick, so that units end within the moments.
swept=("$work/swept.yaml" --set "policies=[standard, greedy-lowest-carbon]" --set "outputs.maps=none")
mkdir -p "$work/killed/units"
done_units() { "$pylon" sweep status "${swept[@]}" --out "$work/killed" | sed -n 's/.* \([0-9]*\) of 60 units done.*/\1/p'; }
begun=0
for ((i = 0; i < kills; i++)); do
  # Where all is done, shard files are taken away, so that there is something to be killed.
  if [ "$(done_units)" = 60 ]; then find "$work/killed/units" -name '*.units' | sort | tail -n +3 | xargs rm -f; fi
  if [ "$(done_units)" = 60 ]; then rm "$work"/killed/units/*; fi
  before=$(done_units)
  "$pylon" sweep run "${swept[@]}" --out "$work/killed" --quiet &
  task=$!
  sleep "0.$(printf '%03d' $((20 + RANDOM % 900)))"
  kill -9 $task 2>/dev/null || true
  wait $task 2>/dev/null || true
  after=$(done_units)
  [ "$after" -ge "$before" ] || { echo "kill-sweep: finished units were lost"; exit 1; }
  if [ "$after" -gt "$before" ] && [ "$after" -lt 60 ]; then begun=$((begun + 1)); fi
done
"$pylon" sweep run "${swept[@]}" --out "$work/killed" --quiet
"$pylon" sweep run "${swept[@]}" --out "$work/whole" --quiet
for file in sweep.csv results.sqlite; do cmp "$work/killed/$file" "$work/whole/$file"; done
echo "kill-sweep: $kills kills, $begun of them amid the work: the same bytes"
