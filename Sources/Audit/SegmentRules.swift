internal import Domain

/// Rules for the segments of one interrupted job (contract §2): they follow one another, each is in a zone that may be
/// used and is large enough, and together they last as long as the job runs and its interruptions take.
struct SegmentRules {
  let run: AuditRunRow
  let world: AuditWorld
  let findings: Findings
  let job: AuditJob
  let jobID: String
  let segments: [AuditSegment]

  private func fault(_ name: String, _ found: AuditValue, _ expected: String) {
    findings.add(.job) {
      AuditFailure($0, run: run.id, job: jobID, name: name, found: found, expected: .text(expected))
    }
  }

  func check() {
    guard let first = segments.first, let last = segments.last else {
      if job.status == .suspended { fault("workload_segments", .nothing, "a segment, as the job is SUSPENDED") }
      return
    }
    for (place, segment) in segments.enumerated() { check(segment, place) }
    if job.start != first.start {
      fault("actual_start", AuditValue(job.start), "\(first.start.iso8601), the start of the first segment")
    }
    if job.zone != last.zone { fault("chosen_grid_zone", shown(job.zone), "\(shown(last.zone)), of the last segment") }
    switch job.status {
    case .completed:
      if job.end != last.end { fault("actual_end", AuditValue(job.end), "the end of the last segment") }
      if ran != due {
        let extra = "including the overhead of \(counted(interruptions, "interruption"))"
        fault("workload_segments", .text("\(ran) ms in total"), "\(due) ms, \(extra)")
      }
    case .running:
      if let end = last.end { fault("ended_at", .instant(end), "nothing, as the job still runs") }
      if ran > due { fault("workload_segments", .text("\(ran) ms in total"), "at most \(due) ms") }
    case .suspended:
      if last.end == nil { fault("ended_at", .nothing, "an instant, as the job is SUSPENDED") }
      // What the last interruption adds comes with its resumption.
      if ran >= due { fault("workload_segments", .text("\(ran) ms in total"), "less than \(due) ms") }
    case .failed:
      if last.end == nil { fault("ended_at", .nothing, "an instant, as the job is FAILED") }
      if let end = last.end, job.end != end {
        fault("actual_end", AuditValue(job.end), "\(end.iso8601), the end of the last segment")
      }
      if ran >= due { fault("workload_segments", .text("\(ran) ms in total"), "less than \(due) ms") }
    case .pending, .scheduled, .rejected, nil:
      fault("workload_segments", .text(counted(segments.count, "segment")), "none, as the job never ran")
    }
  }

  private func shown(_ zone: ZoneReference) -> AuditValue {
    switch zone {
    case .none: .nothing
    case .unknown(let id): .text("\(id)")
    case .zone(let place): .text(world.zones[place].code)
    }
  }

  private func check(_ segment: AuditSegment, _ place: Int) {
    if segment.number != place + 1 { fault("segment", .number(Double(segment.number)), "\(place + 1)") }
    if case .zone(let zone) = segment.zone {
      if run.staysAtHome, job.home != .none, job.home != segment.zone {
        fault("zone", shown(segment.zone), "the home zone, as the policy uses no other zone")
      }
      if !world.zones[zone].couldHold(job.demand, from: segment.start) {
        fault("zone", shown(segment.zone), "a zone that is large enough for the job")
      }
    } else {
      fault("zone", shown(segment.zone), "the id of a row of grid_zones")
    }
    if let end = segment.end, end <= segment.start { fault("ended_at", .instant(end), "later than started_at") }
    if segment.end == nil, place + 1 < segments.count {
      fault("ended_at", .nothing, "an instant, as another segment follows")
    }
    if place > 0, let end = segments[place - 1].end, segment.start < end {
      fault("started_at", .instant(segment.start), "not before \(end.iso8601), the end of the segment before it")
    }
  }

  /// Suspensions; the last one too where the job was not resumed.
  private var interruptions: Int { job.interruptions(segments: segments.count, world) }

  private var due: Int64 { job.actual + Int64(interruptions) * run.interruptionDelay }

  private var ran: Int64 {
    segments.reduce(0) { $0 + ($1.end ?? run.clockEnd).milliseconds - $1.start.milliseconds }
  }
}
