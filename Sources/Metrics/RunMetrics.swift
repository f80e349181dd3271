public import Domain

/// The figures of one run, gathered as records come (contract §7). O(1) a record.
public final class RunMetrics: RecordSink {
  private let zones: [Zone]
  private let start: Instant
  private let end: Instant
  /// Jobs that were submitted before this are not counted, and time averages begin here.
  private let countedFrom: Instant
  /// What each zone has within the time that counts, in unit × milliseconds.
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
  /// Of the jobs that are not counted; empty while there are none.
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
  public var totals: (emissions: Emissions, cost: Money) { (emissions, cost) }

  /// 100 × (baseline − own) / |baseline|, so that the sign says which is better of negative sums too; `nil` if the
  /// baseline is 0.
  public static func savings(
    of own: (emissions: Emissions, cost: Money), against baseline: (emissions: Emissions, cost: Money)
  ) -> (carbon: Double?, cost: Double?) {
    func saved(_ base: Double, _ own: Double) -> Double? {
      base != 0 ? 100 * (base - own) / abs(base) : nil
    }
    return (
      saved(baseline.emissions.value, own.emissions.value), saved(baseline.cost.value, own.cost.value)
    )
  }

  /// Percent of the run's emissions; `nil` if there are none.
  private var emissionsAfterClock: Double? {
    guard emissions.value > 0, let after = afterClock.emissions else { return nil }
    return 100 * after.value / emissions.value
  }

  /// Every figure in the contract's order; `nil` where it is not defined (a mean over no jobs).
  ///
  /// - Parameter overhead: idle energy, its emissions and its cost.
  public func figures(
    baseline: (emissions: Emissions, cost: Money), overhead: Overhead
  ) -> [(name: String, value: Double?)] {
    let ran = waits.count
    func perJob(_ total: Double) -> Double? { ran > 0 ? total / Double(ran) : nil }
    let savings = RunMetrics.savings(of: totals, against: baseline)
    func utilization(_ used: Double, _ capacity: Double) -> Double { capacity > 0 ? used / capacity : 0 }
    let quantiles = waits.at([0.5, 0.95, 0.99])
    let capacity = capacityInAll
    let used = zoneTallies.reduce(into: (cpu: 0.0, gpu: 0.0, memory: 0.0)) {
      $0 = ($0.cpu + $1.coreMilliseconds, $0.gpu + $1.gpuMilliseconds, $0.memory + $1.gigabyteMilliseconds)
    }
    return [
      ("jobs_submitted", Double(submitted)), ("jobs_completed", Double(completed)),
      ("jobs_rejected", Double(rejected)), ("jobs_unfinished", Double(submitted - completed - rejected)),
      ("throughput_jobs_per_hour", Double(completed) / (end - countedFrom).inHours),
      ("energy_kwh", energy.value), ("carbon_kg", emissions.value / 1000),
      ("carbon_per_job_g", perJob(emissions.value)), ("cost_gbp", cost.value),
      ("cost_per_job_gbp", perJob(cost.value)),
      ("carbon_savings_pct", savings.carbon), ("cost_savings_pct", savings.cost),
      ("sla_met_pct", withDeadline > 0 ? 100 * Double(metDeadline) / Double(withDeadline) : nil),
      ("carbon_cap_violations", Double(emissionsCapViolations)),
      ("price_cap_violations", Double(costCapViolations)),
      ("wait_mean_s", perJob(Double(waitSum) / 1000)),
      ("wait_p50_s", quantiles.first.map { $0 / 1000 }), ("wait_p95_s", quantiles.dropFirst().first.map { $0 / 1000 }),
      ("wait_p99_s", quantiles.last.map { $0 / 1000 }),
      ("utilization_cpu", utilization(used.cpu, capacity.cores)),
      ("utilization_gpu", utilization(used.gpu, capacity.gpus)),
      ("utilization_memory", utilization(used.memory, capacity.gigabytes)),
      ("overhead_kwh", overhead.energy.value), ("overhead_carbon_kg", overhead.emissions.value / 1000),
      ("overhead_cost_gbp", overhead.cost.value), ("jobs_ended_after_clock", Double(afterClock.jobs)),
      ("carbon_after_clock_pct", emissionsAfterClock),
    ]
  }
}
