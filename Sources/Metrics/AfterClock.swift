internal import Domain

/// Work that is done after the clock's end: how many jobs end later, and what is emitted from that instant on.
///
/// Emissions are exact: the integral of the carbon trace from the clock's end to the end of each stretch of running,
/// and the checkpoints and resumptions at or after the clock's end.
struct AfterClock {
  private let clockEnd: Instant
  private let zones: [Zone]
  /// One trace a zone; empty if emissions are not asked for.
  private let carbon: [StepTrace]
  private let interruption: InterruptionRules
  private(set) var jobs = 0
  private var grams = 0.0

  init(clockEnd: Instant, zones: [Zone], carbon: [StepTrace], interruption: InterruptionRules) {
    precondition(carbon.isEmpty || carbon.count == zones.count, "one trace a zone")
    self.clockEnd = clockEnd
    self.zones = zones
    self.carbon = carbon
    self.interruption = interruption
  }

  /// Emissions after the clock's end; `nil` without traces.
  var emissions: Emissions? { carbon.isEmpty ? nil : Emissions(grams) }

  /// Adds a job that ran without a break and ended after the clock.
  mutating func add(_ record: borrowing JobRecord) {
    jobs += 1
    guard !carbon.isEmpty else { return }
    if record.start >= clockEnd {
      grams += record.emissions.value
    } else {
      grams += running(record.job, in: record.zone, until: record.end)
    }
  }

  /// Adds a job that was interrupted: those of its segments that reach the clock's end.
  mutating func add(_ record: borrowing JobRecord, segments: [RunSegment]) {
    if record.end > clockEnd, record.end != .never { jobs += 1 }
    guard !carbon.isEmpty else { return }
    let (status, end) = (record.status, record.end)
    for (place, segment) in segments.enumerated() where segment.end >= clockEnd && segment.end != .never {
      if segment.start >= clockEnd {
        grams += segment.emissions.value
        continue
      }
      grams += running(record.job, in: segment.zone, until: segment.end)
      let isLast = place + 1 == segments.count
      let wasSuspended = !isLast || status == .suspended || (status == .failed && segment.end != end)
      if wasSuspended, interruption.checkpointEnergy.value != 0 {
        grams +=
          interruption.checkpointEnergy.value * zones[segment.zone].pue
          * carbon[segment.zone].value(at: segment.end)
      }
    }
  }

  /// Grams from the clock's end on.
  private func running(_ job: Job, in zone: Int, until end: Instant) -> Double {
    let drawn = job.energyPerMillisecond(on: zones[zone].hardware) * zones[zone].pue
    return drawn * carbon[zone].view.integralMilliseconds(from: clockEnd, to: end)
  }
}
