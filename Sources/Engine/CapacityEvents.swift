internal import Domain

// Outages, recoveries and changes of capacity.
extension Simulation {
  /// A job that an outage suspended and that the engine will resume; the sequence tells it from a later job's id.
  struct HeldJob {
    var job: JobID
    var sequence: Int
  }

  /// Counts of what events did to jobs; all zero without events.
  public struct EventCounts: Hashable, Sendable {
    /// Jobs that failed.
    public var failed = 0
    /// Suspensions by outages.
    public var suspensions = 0
  }

  /// When the next change comes, in milliseconds.
  func followingChange() -> Int64 {
    changeIndex < world.changes.count ? max(world.changes[changeIndex].at, world.start).milliseconds : .max
  }

  /// Changes what zones have now: all that change at this instant, before anybody is told of any.
  func changeCapacities(at instant: Instant) throws {
    let first = changeIndex
    var haveLost = false
    while changeIndex < world.changes.count, world.changes[changeIndex].at <= instant {
      if context.cluster.apply(world.changes[changeIndex]) { haveLost = true }
      changeIndex += 1
    }
    for change in world.changes[first..<changeIndex] {
      if let rule = change.outage, rule != .finish { try interrupt(change.zone, rule, at: instant) }
      policy.capacityChanged(change.zone, context)
    }
    if haveLost { try withdrawHopeless(at: instant) }
    calendar.nextChange = followingChange()
  }

  /// Suspends or fails what runs in a zone that goes out.
  private func interrupt(_ zone: ZoneIndex, _ rule: OutageRule, at instant: Instant) throws {
    var failing: [JobID] = []
    for id in liveJobs(where: { $0.status == .running && $0.zone == zone }) {
      guard rule == .suspend, context.mayInterrupt(id) else {
        failing.append(id)
        continue
      }
      context.suspend(id)
      events.suspensions += 1
      if !policy.suspendedByOutage(id, context) {
        held[zone].append(HeldJob(job: id, sequence: jobs[id].job.sequence))
        heldCount += 1
      }
    }
    if jobs.interruptedCount > 0 { noteSuspensions() }
    try fail(failing, at: instant)
  }

  /// Ends jobs that run, or are suspended, as FAILED.
  private func fail(_ ids: [JobID], at instant: Instant) throws {
    guard !ids.isEmpty else { return }
    let current = ids.count { jobs[$0].status == .running }
    let failing = Set(ids)
    // Slots are about to change hands: no completion of theirs may be left.
    calendar.staleCount -= calendar.removeCompletions { failing.contains($0) } - current
    for id in ids {
      let (status, zone) = (jobs[id].status, jobs[id].zone)
      if status == .running {
        context.cluster.end(jobs[id].job.demand, in: zone)
      } else {
        context.cluster.forgetSuspended(zone)
      }
      // A suspended job has run, and drawn energy, up to its suspension: that is its end.
      jobs.fail(id, at: status == .suspended ? lastEnd(id) ?? instant : instant)
      events.failed += 1
      policy.completed(id, context)
      try close(id, at: instant)
    }
  }

  private func lastEnd(_ id: JobID) -> Instant? { jobs.interrupted[id]?.segments.last?.end }

  /// Capacity was taken away for good: jobs that can run nowhere any more are rejected, or fail where they had run;
  /// jobs that can run elsewhere than they were planned for are submitted to the policy anew.
  private func withdrawHopeless(at instant: Instant) throws {
    var failing: [JobID] = []
    for id in liveJobs(where: { [.pending, .scheduled, .suspended].contains($0.status) }) {
      let zone = jobs[id].zone
      let couldRun = zone < 0 || context.couldHold(jobs[id].job.demand, in: zone)
      if jobs[id].status == .suspended {
        // One that the engine is to resume fails, whatever the policy knows of it.
        if !couldRun, policy.withdraw(id, context) || isHeld(id) { failing.append(id) }
        continue
      }
      let fits = fitsSomewhere(id)
      if fits && couldRun { continue }
      guard policy.withdraw(id, context) else { continue }
      if fits {
        context.unplan(id)
        policy.submitted(id, context)
      } else {
        context.reject(id, .tooLarge)
      }
    }
    try fail(failing, at: instant)
  }

  /// Live jobs in order of submission; the one that is submitted next is COMPLETED by its record. O(live jobs).
  private func liveJobs(where holds: (JobRecord) -> Bool) -> [JobID] {
    jobs.all.filter { holds(jobs[$0]) }.sorted { jobs[$0].job.sequence < jobs[$1].job.sequence }
  }

  private func isHeld(_ id: JobID) -> Bool {
    held[jobs[id].zone].contains { $0.job == id && $0.sequence == jobs[id].job.sequence }
  }

  /// Resumes jobs that an outage suspended, before the policy is asked: in each zone in the order of their suspension,
  /// every one that fits. One that does not fit holds back none behind it. Only zones that freed capacity since the
  /// policy was last asked can hold one that they did not hold then. O(jobs held in those zones).
  func resumeHeld() {
    for zone in held.indices where !held[zone].isEmpty && context.hasReleased(zone) {
      var kept = 0
      for place in held[zone].indices {
        let next = held[zone][place]
        let id = next.job
        if jobs[id].job.sequence == next.sequence, jobs[id].status == .suspended {
          guard context.cluster.free[zone].holds(jobs[id].job.demand) else {
            held[zone][kept] = next
            kept += 1
            continue
          }
          context.resume(id, in: zone)
        }
        heldCount -= 1
      }
      held[zone].removeSubrange(kept...)
    }
  }
}
