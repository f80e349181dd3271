public import Domain

/// The figures of one run, gathered as records come (contract §7). O(1) a record.
public final class RunMetrics: RecordSink {
  private let zones: [Zone]
  private let start: Instant
  private let end: Instant
  /// Jobs that were submitted before this are not counted, and time averages begin here.
  private let countedFrom: Instant
  /// Capacity of each zone within the time that counts, in unit × milliseconds.
  private let capacityTimes: [CapacityTime]
  private let capacityInAll: CapacityTime
  @exclusivity(unchecked) private var submitted = 0
  @exclusivity(unchecked) private var completed = 0
  @exclusivity(unchecked) private var rejected = 0
  /// Jobs that an outage ended, or that could not go on after one; `jobs_unfinished` counts them too.
  @exclusivity(unchecked) public private(set) var failed = 0
  @exclusivity(unchecked) private var energy = Energy.zero
  @exclusivity(unchecked) private var emissions = Emissions.zero
  @exclusivity(unchecked) private var cost = Money.zero
  @exclusivity(unchecked) private var withDeadline = 0
  @exclusivity(unchecked) private var metDeadline = 0
  @exclusivity(unchecked) private var emissionsCapViolations = 0
  @exclusivity(unchecked) private var costCapViolations = 0
  /// Milliseconds; many long waits leave 64 bits.
  @exclusivity(unchecked) private var waitSum: Int128 = 0
  @exclusivity(unchecked) private var waits = Percentiles()
  @exclusivity(unchecked) private var afterClock: AfterClock
  /// Memory of its own, a zone each in the scenario's order: an array's checks would be paid at every job.
  private let tallies: UnsafeMutablePointer<ZoneTally>
  /// Tallies of the jobs that are not counted; empty while there are none.
  @exclusivity(unchecked) private var early: [ZoneTally] = []
  private let zoneIDs: UnsafeMutablePointer<UInt64>
  /// An order-independent hash of (job, zone, start) over the jobs that started; of a job that was interrupted, over
  /// all its segments.
  @exclusivity(unchecked) public private(set) var placementSignature: UInt64 = 0

  /// - Parameters:
  ///   - countedFrom: the end of the warm-up; `nil` for the start.
  ///   - changes: of the zones' capacities, in order of time.
  ///   - carbon: one trace a zone; without them `carbon_after_clock_pct` has no value.
  ///   - interruption: the rules that the engine ran with.
  public init(
    zones: [Zone], start: Instant, duration: TimeSpan, countedFrom: Instant? = nil, changes: [CapacityChange] = [],
    carbon: [StepTrace] = [], interruption: InterruptionRules = .never
  ) {
    let from = countedFrom ?? start
    precondition(from >= start && from < start + duration, "a warm-up beyond the clock")
    self.countedFrom = from
    self.zones = zones
    self.start = start
    end = start + duration
    afterClock = AfterClock(clockEnd: end, zones: zones, carbon: carbon, interruption: interruption)
    capacityTimes = zones.indices.map {
      CapacityTime(zones[$0].capacityPeriods(from: start, index: $0, changes), from: from, until: start + duration)
    }
    // Without changes the sum is that of whole numbers, exact.
    let total = CapacityPeriod(
      start: start, end: .never, capacity: zones.reduce(into: Resources.zero) { $0 += $1.capacity }, isOut: false,
      outage: nil)
    capacityInAll =
      changes.isEmpty
      ? CapacityTime([total], from: from, until: start + duration) : capacityTimes.reduce(CapacityTime(), +)
    tallies = .allocate(capacity: zones.count)
    tallies.initialize(repeating: ZoneTally(), count: zones.count)
    zoneIDs = .allocate(capacity: zones.count)
    for (index, zone) in zones.enumerated() { (zoneIDs + index).initialize(to: UInt64(zone.id)) }
  }

  deinit {
    tallies.deallocate()
    zoneIDs.deallocate()
  }

  /// By zone, in the scenario's order; jobs of the warm-up among them.
  public var zoneTallies: [ZoneTally] {
    let counted = Array(UnsafeBufferPointer(start: tallies, count: zones.count))
    return early.isEmpty ? counted : zip(counted, early).map { $0 + $1 }
  }

  public func accept(_ record: borrowing JobRecord) {
    if record.job.submittedAt < countedFrom { return leaveOut(record, []) }
    guard count(record) else { return }
    let zone = record.zone
    precondition(zone >= 0 && zone < zones.count, "a record of a zone that does not exist")
    tallies[zone].add(record, from: countedFrom, until: end)
    if record.end > end, record.end != .never { afterClock.add(record) }
    sign(record.job.identity, zone, record.start)
  }

  /// A job that was interrupted counts in the zone that it ran in last; what it drew and held, where it did.
  public func accept(_ record: borrowing JobRecord, segments: [RunSegment]) {
    if record.job.submittedAt < countedFrom { return leaveOut(record, segments) }
    guard count(record) else { return }
    precondition(segments.allSatisfy { $0.zone >= 0 && $0.zone < zones.count }, "a zone that does not exist")
    tallies[record.zone].count(record)
    afterClock.add(record, segments: segments)
    for segment in segments {
      tallies[segment.zone].add(segment, of: record.job, from: countedFrom, until: end)
      sign(record.job.identity, segment.zone, segment.start)
    }
  }

  /// A job of the warm-up: of its life only what it holds of the time that counts is counted, and its placement.
  private func leaveOut(_ record: borrowing JobRecord, _ segments: [RunSegment]) {
    guard record.start != .never else { return }
    if early.isEmpty { early = Array(repeating: ZoneTally(), count: zones.count) }
    early[record.zone].count(record)
    var parts = segments
    if parts.isEmpty {
      var whole = RunSegment(zone: record.zone, start: record.start, end: record.end)
      (whole.energy, whole.emissions, whole.cost) = (record.energy, record.emissions, record.cost)
      parts = [whole]
    }
    for part in parts {
      // From the end on: what it drew, and nothing of what it held.
      early[part.zone].add(part, of: record.job, from: end, until: end)
      tallies[part.zone].hold(record.job.demand, from: max(part.start, countedFrom), until: min(part.end, end))
      sign(record.job.identity, part.zone, part.start)
    }
  }

  /// Counts what needs no zone; whether the job ran.
  @inline(__always)
  private func count(_ record: borrowing JobRecord) -> Bool {
    submitted += 1
    switch record.status {
    case .completed: completed += 1
    case .rejected: rejected += 1
    case .failed: failed += 1
    default: break
    }
    if let met = record.metDeadline {
      withDeadline += 1
      if met { metDeadline += 1 }
    }
    guard record.start != .never else { return false }
    energy += record.energy
    emissions += record.emissions
    cost += record.cost
    if record.emissions > record.job.emissionsCap { emissionsCapViolations += 1 }
    if record.cost > record.job.costCap { costCapViolations += 1 }
    let wait = record.wait.milliseconds
    waitSum += Int128(wait)
    waits.add(wait)
    return true
  }

  @inline(__always)
  private func sign(_ job: UInt64, _ zone: Int, _ start: Instant) {
    let place = RunMetrics.mixed(job &+ zoneIDs[zone])
    placementSignature &+= RunMetrics.mixed(place ^ UInt64(bitPattern: start.milliseconds))
  }

  /// Steele, Lea and Flood's SplitMix64 finaliser (doi:10.1145/2714064.2660195).
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The figures of each zone, in the scenario's order.
  ///
  /// - Parameter overheads: idle energy, its emissions and its cost, a zone each.
  public func zoneFigures(overheads: [Overhead]) -> [ZoneFigures] {
    func share(_ used: Double, _ capacity: Double) -> Double { capacity > 0 ? used / capacity : 0 }
    return zones.indices.map { index in
      let tally = tallies[index]
      let capacity = capacityTimes[index]
      return ZoneFigures(
        zone: zones[index], tally: tally, overhead: overheads[index],
        utilization: (
          share(tally.coreMilliseconds, capacity.cores), share(tally.gpuMilliseconds, capacity.gpus),
          share(tally.gigabyteMilliseconds, capacity.gigabytes)
        ))
    }
  }

  /// Emissions and cost of the whole run, for the savings of others.
  public var totals: RunTotals { RunTotals(emissions: emissions, cost: cost) }

  /// Every metric in the order of ``Metric``; `nil` if it has no value (a mean over no jobs), and for metrics of a pair
  /// of runs (``RunTotals/value(_:against:)``).
  ///
  /// - Parameter overhead: idle energy, its emissions and its cost.
  public func figures(overhead: Overhead) -> [(name: String, value: Double?)] {
    let formulas = RunFormulas(
      submitted: submitted, completed: completed, rejected: rejected, energy: energy, emissions: emissions, cost: cost,
      withDeadline: withDeadline, metDeadline: metDeadline, emissionsCapViolations: emissionsCapViolations,
      costCapViolations: costCapViolations, waitSum: waitSum, ran: waits.count, waits: waits.at([0.5, 0.95, 0.99]),
      used: zoneTallies.reduce(into: (cpu: 0.0, gpu: 0.0, memory: 0.0)) {
        $0 = ($0.cpu + $1.coreMilliseconds, $0.gpu + $1.gpuMilliseconds, $0.memory + $1.gigabyteMilliseconds)
      }, capacity: capacityInAll, countedHours: (end - countedFrom).inHours, overhead: overhead,
      endedAfterClock: afterClock.jobs, emissionsAfterClock: afterClock.emissions)
    return Metric.allCases.map { ($0.name, formulas.value($0)) }
  }
}
