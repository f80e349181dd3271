internal import Domain

// Interruptions: a job that was ever suspended has an entry in the context's table.
extension Simulation {
  /// A completion in the calendar still ends its job. No job's end comes sooner for an interruption, so a slot has
  /// not changed hands while a completion of it is in the queue.
  func isCurrent(_ slot: Int32, _ due: Int64) -> Bool {
    guard jobs[Int(slot)].status == .running else { return false }
    guard let job = jobs.interrupted[Int(slot)] else { return true }
    return job.dueAt == due
  }

  /// Drops stale completions from the head of the queue, so that the policy is not called when nothing happens.
  func forgetStale() {
    while calendar.staleCount > 0, let next = calendar.completions.min, !isCurrent(next.slot, next.time) {
      _ = calendar.removeCompletion()
      calendar.staleCount -= 1
    }
  }

  func completeCurrent(at instant: Instant) throws {
    completing.removeAll(keepingCapacity: true)
    while calendar.isDue(.completion, at: instant) {
      let slot = calendar.removeCompletion()
      if isCurrent(slot, instant.milliseconds) { completing.append(slot) } else { calendar.staleCount -= 1 }
    }
    try endCompleting(at: instant)
  }

  /// What the policy suspended runs no more; its completion stays in the queue and ends nothing.
  func noteSuspensions() {
    calendar.staleCount += context.suspensionCount
    context.suspensionCount = 0
  }

  /// When a job that starts or resumes now will end, and whether the queue has that completion still.
  func endOfResumed(_ slot: Int, _ end: Instant, at instant: Instant) -> (Instant, Bool) {
    guard let job = jobs.interrupted[slot] else { return (end, false) }
    let due = instant + context.remaining(job, of: slot)
    guard job.dueAt != due.milliseconds else {
      calendar.staleCount -= 1
      return (due, true)
    }
    jobs.setDue(slot, at: due)
    return (due, false)
  }

  /// Completes the record of a job that was interrupted: sums over its segments.
  func close(_ slot: Int, _ job: InterruptedJob, at end: Instant) throws {
    var segments = job.segments
    if job.since != .never { segments.append(RunSegment(zone: jobs[slot].zone, start: job.since, end: end)) }
    account(&segments, interruptions: job.segments.count, of: jobs[slot].job)
    jobs.settle(
      slot, energy: segments.reduce(.zero) { $0 + $1.energy }, emissions: segments.reduce(.zero) { $0 + $1.emissions },
      cost: segments.reduce(.zero) { $0 + $1.cost })
    if jobs[slot].status == .running { segments[segments.count - 1].end = .never }
    jobs.remove(slot)
    try sink.accept(jobs[slot], segments: segments)
  }

  /// What segments drew: the first ones, as many as interruptions, with a checkpoint at their end, all but the very
  /// first with a resumption at their start.
  func account(_ segments: inout [RunSegment], interruptions: Int, of job: Job) {
    let rules = context.interruption
    for place in segments.indices {
      let segment = segments[place]
      let meter = meters[segment.zone]
      let drawn = job.energyPerMillisecond(on: meter.hardware) * meter.pue
      var energy = drawn * Double((segment.end - segment.start).milliseconds)
      var emissions = drawn * meter.carbon.integralMilliseconds(from: segment.start, to: segment.end)
      var cost = drawn * meter.price.integralMilliseconds(from: segment.start, to: segment.end)
      func add(_ extra: Energy, at instant: Instant) {
        guard extra.value != 0 else { return }
        let atMeter = extra.value * meter.pue
        energy += atMeter
        emissions += atMeter * meter.carbon.value(at: instant)
        cost += atMeter * meter.price.value(at: instant)
      }
      if place > 0 { add(rules.resumeEnergy, at: segment.start) }
      if place < interruptions { add(rules.checkpointEnergy, at: segment.end) }
      segments[place].energy = Energy(energy)
      segments[place].emissions = Emissions(emissions)
      segments[place].cost = Money(cost)
    }
  }
}
