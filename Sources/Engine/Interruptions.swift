internal import Domain

// Interruptions: a job that was ever suspended has an entry in the context's table.
extension Simulation {
  /// A completion in the calendar still ends its job. No job's end comes sooner for an interruption, so no
  /// other job has its identity while a completion of it is in the calendar.
  func isCurrent(_ id: JobID, _ due: Int64) -> Bool {
    guard jobs[id].status == .running else { return false }
    guard let job = jobs.interrupted[id] else { return true }
    return job.dueAt == due
  }

  /// Drops stale completions from the head of the queue, so that the policy is not called when nothing happens.
  func forgetStale() {
    while calendar.staleCount > 0, let next = calendar.completions.min, !isCurrent(next.job, next.time) {
      _ = calendar.removeCompletion()
      calendar.staleCount -= 1
    }
  }

  func completeCurrent(at instant: Instant) throws {
    completing.removeAll(keepingCapacity: true)
    while calendar.isDue(.completion, at: instant) {
      let id = calendar.removeCompletion()
      if isCurrent(id, instant.milliseconds) { completing.append(id) } else { calendar.staleCount -= 1 }
    }
    try endCompleting(at: instant)
  }

  /// Counts the completions of suspended jobs as stale: they stay in the calendar and end nothing.
  func noteSuspensions() {
    calendar.staleCount += context.suspensionCount
    context.suspensionCount = 0
  }

  /// When a job that starts or resumes now will end, and if the calendar still has that completion.
  func endOfResumed(_ id: JobID, _ end: Instant, at instant: Instant) -> (Instant, Bool) {
    guard let job = jobs.interrupted[id] else { return (end, false) }
    let due = instant + context.remaining(job, of: id)
    guard job.dueAt != due.milliseconds else {
      calendar.staleCount -= 1
      return (due, true)
    }
    jobs.setDue(id, at: due)
    return (due, false)
  }

  /// Completes the record of a job that was interrupted: sums over its segments.
  func close(_ id: JobID, _ job: InterruptedJob, at end: Instant) throws {
    var segments = job.segments
    if job.since != .never { segments.append(RunSegment(zone: jobs[id].zone, start: job.since, end: end)) }
    jobs.settle(
      id,
      ledger.account(&segments, interruptions: job.segments.count, of: jobs[id].job, context.interruption))
    if jobs[id].status == .running { segments[segments.count - 1].end = .never }
    jobs.remove(id)
    try sink.accept(jobs[id], segments: segments)
  }
}
