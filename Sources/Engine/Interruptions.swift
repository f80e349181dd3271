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
    jobs.settle(
      slot,
      ledger.account(&segments, interruptions: job.segments.count, of: jobs[slot].job, context.interruption))
    if jobs[slot].status == .running { segments[segments.count - 1].end = .never }
    jobs.remove(slot)
    try sink.accept(jobs[slot], segments: segments)
  }
}
