#!/usr/bin/env bash
# slurm-sweep.sh PYLON: a sweep on a real Slurm of one node, which it starts on this machine and stops again (Debian's
# slurm-wlm and munge, which it installs; as root). A task is killed by scancel, one is requeued amid its work, one is
# cancelled before it begins; then the rest is submitted again, and the tables are compared to those of a sweep that
# nobody disturbed. Where there can be no Slurm it says so and leaves with 0.
set -euo pipefail
cd "$(dirname "$0")/.."
pylon=$(realpath "$1")
skip() { echo "slurm-sweep: skipped: $1"; exit 0; }
[ "$(id -u)" = 0 ] || skip "needs root to start Slurm's daemons"
if ! command -v slurmctld >/dev/null || ! command -v slurmd >/dev/null || ! command -v munged >/dev/null; then
  command -v apt-get >/dev/null || skip "needs slurm-wlm and munge, and knows no way but apt-get"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurm-wlm munge; } >/dev/null 2>&1 \
    || skip "slurm-wlm and munge cannot be installed"
fi
work=$(mktemp -d)
host=$(hostname -s)
own_munge=""
cleanup() {
  # Only of the Slurm that was started here.
  if [ -f "$work/slurmctld.pid" ]; then SLURM_CONF="$work/slurm.conf" scancel -u root >/dev/null 2>&1 || true; fi
  for daemon in slurmd slurmctld; do
    if [ -f "$work/$daemon.pid" ]; then kill "$(cat "$work/$daemon.pid")" 2>/dev/null || true; fi
  done
  if [ -n "$own_munge" ]; then kill "$own_munge" 2>/dev/null || true; fi
  sleep 1
  rm -rf "$work"
}
trap cleanup EXIT
mkdir -p "$work/state" "$work/spool"
cat > "$work/slurm.conf" <<CONF
ClusterName=pylon
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
KillWait=5
SchedulerParameters=batch_sched_delay=0,sched_interval=2
RequeueExit=99
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$work/slurm.conf"
if ! munge -n >/dev/null 2>&1; then
  mkdir -p /run/munge && chown munge:munge /run/munge
  runuser -u munge -- /usr/sbin/munged --pid-file=/run/munge/pylon-test.pid || skip "munged does not start"
  sleep 0.5
  own_munge=$(cat /run/munge/pylon-test.pid)
fi
slurmctld || skip "slurmctld does not start"
sleep 1
slurmd || skip "slurmd does not start"
up=""
for _ in $(seq 40); do
  if sinfo -h -o %t 2>/dev/null | grep -q idle; then up=yes; break; fi
  sleep 0.5
done
[ -n "$up" ] || { tail -5 "$work"/*.log; skip "the node does not come up"; }

sed 's/^replications: .*/replications: 8/' Scenarios/gb-week.yaml > "$work/swept.yaml"
echo 'sweep: {grid: {workload.rate: [2, 4], grid.forecast.error: [0, 0.5, 1]}}' >> "$work/swept.yaml"
swept=("$work/swept.yaml" --set "policies=[standard, greedy-lowest-carbon]" --out "$work/shared")
fail() { echo "slurm-sweep: $1"; tail -n 5 "$work"/shared/slurm/*.log 2>/dev/null || true; exit 1; }
wait_for() { # what to wait for, a command
  for _ in $(seq 300); do if eval "$2"; then return; fi; sleep 0.1; done
  squeue || true
  fail "waited in vain for $1"
}
tasks() { squeue -h -r -o '%K %T' | sort; }

"$pylon" sweep submit "${swept[@]}" --slurm --array-size 4 | tee "$work/submitted"
job=$(sed -n 's/^submitted: job \([0-9]*\), 4 of 4 shards.*/\1/p' "$work/submitted")
[ -n "$job" ] || fail "no job was submitted"
# While tasks have all that is missing, nothing is submitted again.
"$pylon" sweep submit "${swept[@]}" --slurm --array-size 4 > "$work/second"
[ "$(tail -n 1 "$work/second")" = "nothing to submit" ] || fail "$(cat "$work/second")"
grep -q '48 of them with 4 tasks that are queued or running$' "$work/second" || fail "$(cat "$work/second")"
"$pylon" sweep status "${swept[@]}" | grep "^Slurm: job $job: " || fail "status tells nothing of Slurm"
# Two tasks run on two cores, two wait. The fourth never begins, the first is killed, the second is requeued.
scancel "${job}_4"
wait_for "tasks 1 and 2 amid their work" \
  '[ "$(ls "$work"/shared/units/shard-[12]-of-4-* 2>/dev/null | wc -l)" -ge 2 ]'
scancel "${job}_1"
scontrol requeue "${job}_2"
# Slurm lets a requeued task wait for two minutes, unless told otherwise.
wait_for "task 2 in the queue again" 'tasks | grep -q "^2 PENDING"'
sleep 1
scontrol update "JobId=${job}_2" StartTime=now
wait_for "the end of the tasks" '[ -z "$(tasks)" ]'
grep -q 'DUE TO JOB REQUEUE' "$work/shared/slurm/$job-2.log" || fail "no task was requeued"
[ "$(ls "$work"/shared/units/shard-2-of-4-* | wc -l)" = 2 ] || fail "the requeued task has not gone on in a second file"
status=0
"$pylon" sweep collect "${swept[@]}" > "$work/collected" 2>&1 || status=$?
cat "$work/collected"
[ "$status" = 3 ] || fail "collect left with $status, expected 3"
grep -q 'missing: point [0-9]*, replication [0-9]* ' "$work/collected" || fail "collect names nothing"
"$pylon" sweep submit "${swept[@]}" --slurm --array-size 4 | tee "$work/third"
grep -q ', 2 of 4 shards, by ' "$work/third" || fail "expected the shards of the tasks that were killed, and no others"
wait_for "the end of the second array" '[ -z "$(tasks)" ]'
"$pylon" sweep collect "${swept[@]}"
[ "$("$pylon" sweep submit "${swept[@]}" --slurm | head -1)" = "nothing to submit" ] || fail "done work was submitted"
"$pylon" sweep run "$work/swept.yaml" --set "policies=[standard, greedy-lowest-carbon]" --out "$work/alone" --quiet
for file in sweep.csv results.sqlite; do cmp "$work/shared/$file" "$work/alone/$file"; done
echo "slurm-sweep: a task killed, one requeued, one cancelled, the rest submitted again: the same bytes"
