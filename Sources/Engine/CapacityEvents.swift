internal import Domain

// Outages, recoveries and changes of capacity.
extension Simulation {
  /// A job that an outage suspended and that the engine will resume; the sequence tells it from a later job's slot.
  struct HeldJob {
    var slot: Int32
    var sequence: Int
  }

  /// What events did to jobs; all zero without events.
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
    var failing: [Int] = []
    for slot in slots(where: { $0.status == .running && $0.zone == zone }) {
      guard rule == .suspend, context.mayInterrupt(slot) else {
        failing.append(slot)
        continue
      }
      context.suspend(slot)
      events.suspensions += 1
      if !policy.suspendedByOutage(slot, context) {
        held[zone].append(HeldJob(slot: Int32(slot), sequence: jobs[slot].job.sequence))
        heldCount += 1
      }
    }
    if jobs.interruptedCount > 0 { noteSuspensions() }
    try fail(failing, at: instant)
  }

  /// Ends jobs that run, or are suspended, as FAILED.
  private func fail(_ slots: [Int], at instant: Instant) throws {
    guard !slots.isEmpty else { return }
    let current = slots.count { jobs[$0].status == .running }
    let failing = Set(slots.map { Int32($0) })
    // Slots are about to change hands: no completion of theirs may be left.
    calendar.staleCount -= calendar.removeCompletions { failing.contains($0) } - current
    for slot in slots {
      let (status, zone) = (jobs[slot].status, jobs[slot].zone)
      if status == .running {
        context.cluster.end(jobs[slot].job.demand, in: zone)
      } else {
        context.cluster.forgetSuspended(zone)
      }
      // A suspended job has run, and drawn energy, up to its suspension: that is its end.
      jobs.fail(slot, at: status == .suspended ? lastEnd(slot) ?? instant : instant)
      events.failed += 1
      policy.completed(slot, context)
      try close(slot, at: instant)
    }
  }

  private func lastEnd(_ slot: Int) -> Instant? { jobs.interrupted[slot]?.segments.last?.end }

  /// Capacity was taken away for good: jobs that can run nowhere any more are rejected, or fail where they had run;
  /// jobs that can run elsewhere than they were planned for are submitted to the policy anew.
  private func withdrawHopeless(at instant: Instant) throws {
    var failing: [Int] = []
    for slot in slots(where: { [.pending, .scheduled, .suspended].contains($0.status) }) {
      let zone = jobs[slot].zone
      let couldRun = zone < 0 || context.couldHold(jobs[slot].job.demand, in: zone)
      if jobs[slot].status == .suspended {
        // One that the engine is to resume fails, whatever the policy knows of it.
        if !couldRun, policy.withdraw(slot, context) || isHeld(slot) { failing.append(slot) }
        continue
      }
      let fits = fitsSomewhere(slot)
      if fits && couldRun { continue }
      guard policy.withdraw(slot, context) else { continue }
      if fits {
        context.unplan(slot)
        policy.submitted(slot, context)
      } else {
        context.reject(slot, .tooLarge)
      }
    }
    try fail(failing, at: instant)
  }

  /// Live jobs in order of submission; the one that is submitted next is COMPLETED by its record. O(live jobs).
  private func slots(where holds: (JobRecord) -> Bool) -> [Int] {
    jobs.slots.filter { holds(jobs[$0]) }.sorted { jobs[$0].job.sequence < jobs[$1].job.sequence }
  }

  private func isHeld(_ slot: Int) -> Bool {
    held[jobs[slot].zone].contains { $0.slot == slot && $0.sequence == jobs[slot].job.sequence }
  }

  /// Resumes jobs that an outage suspended, before the policy is asked: in each zone in the order of their suspension,
  /// every one that fits. One that does not fit holds back none behind it. Only zones that freed capacity since the
  /// policy was last asked can hold one that they did not hold then. O(jobs held in those zones).
  func resumeHeld() {
    for zone in held.indices where !held[zone].isEmpty && context.hasReleased(zone) {
      var kept = 0
      for place in held[zone].indices {
        let next = held[zone][place]
        let slot = Int(next.slot)
        if jobs[slot].job.sequence == next.sequence, jobs[slot].status == .suspended {
          guard context.cluster.free[zone].holds(jobs[slot].job.demand) else {
            held[zone][kept] = next
            kept += 1
            continue
          }
          context.resume(slot, in: zone)
        }
        heldCount -= 1
      }
      held[zone].removeSubrange(kept...)
    }
  }
}
