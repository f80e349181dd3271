#!/usr/bin/env bash
# Hostile files of full size, and what refusing them takes: Tests/hostile.sh PYLON. Needs GNU time and 2 GB of disk.
# Prints exit status, seconds, peak memory and the last line told; exit status 1 where one is not refused with 2 in
# 400 MB and three minutes (a debug build may take one for `wide.json`).
set -euo pipefail
pylon=$(realpath "$1")
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat > base.yaml <<'YAML'
name: small
clock: {start: 2020-01-06T00:00:00Z, duration: 1d}
zones:
  - {code: NORTH, coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 8, memory_gb: 32}}
  - {code: SOUTH, coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 8, memory_gb: 32}}
grid: {carbon: {constant: 100}, price: {constant: 0.2}}
workload: {preset: pylon}
policies: [standard]
YAML
# A gigabyte of one letter, without a line end; and as YAML, JSON.
head -c 1073741824 /dev/zero | tr '\0' x > line.txt
{ printf 'name: '; cat line.txt; } > line.yaml
faults() { printf '%s\n' "$1"; (yes 'x,y,z' || true) | head -1000000; }
faults job_id,submitted_at,duration_s > faults-jobs.csv
faults datetime,NORTH,SOUTH > faults-trace.csv
faults job_id,decided_at,zone > faults-decisions.csv
{ printf '{"data":['; (yes '[[[[' || true) | head -c 60000000; } > deep.json
{ printf '{"data":['; (yes '0,0,0,0,0,0,0,0' || true) | head -c 60000000 | tr '\n' ','; } > wide.json
{ (yes -- '- ' || true) | head -100000 | tr -d '\n'; } > deep.yaml
bad=0
try() {
  local status=0
  timeout -k 1 180 /usr/bin/time -f '%e s %M KB' -o used "$pylon" "$@" > told 2>&1 || status=$?
  local kilobytes; kilobytes=$(tail -1 used | cut -d' ' -f3)
  printf '%s  %-20s  %s\n    %s\n' "$status" "$(tail -1 used)" "$*" "$(tail -1 told | cut -c1-160)"
  if [ "$status" != 2 ] || [ "$kilobytes" -gt 400000 ]; then bad=1; fi
}
run() { try run base.yaml --out out "$@"; }
try run line.yaml --out out
try run deep.yaml --out out
run --set workload='{file: line.txt}'
run --set workload='{file: line.txt, format: swf}'
run --set workload='{file: faults-jobs.csv}'
run --set grid.carbon='{file: line.txt}'
run --set grid.carbon='{file: line.txt, format: json}'
run --set grid.carbon='{file: deep.json}'
run --set grid.carbon='{file: wide.json}'
run --set grid.carbon='{file: faults-trace.csv}'
run --set outputs.outline=line.txt
run --set policies='[{operator-manual: {decisions: line.txt}}]'
run --set policies='[{operator-manual: {decisions: faults-decisions.csv}}]'
run --set grid.forecast='{model: recorded, file: line.txt}'
run --set workload='{arrivals: {poisson: {per_hour: 1}}, classes: [{name: a, duration: {empirical: {file: line.txt, column: x}}}]}'
try whatif base.yaml --variants line.yaml
try audit line.txt
try report line.txt
try workload describe line.txt
try trace describe line.txt
if [ -e out ]; then bad=1; fi
exit $bad
