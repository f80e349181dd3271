internal import Audit
public import Domain
internal import GRDB
internal import Results

/// How the zones stood as time went on, of the runs of one replication: `zone_samples` by run, zone and instant.
public struct ZoneHistory: Sendable {
  public struct Run: Sendable {
    /// By zone, then by instant.
    public var running: [[Int]] = []
    /// Jobs with this chosen zone so far.
    public var assigned: [[Int]] = []
    public var cpuCores: [[Double]] = []
    public var memoryGigabytes: [[Double]] = []
    public var gpus: [[Double]] = []
  }

  public var instants: [Instant] = []
  /// In the order of the runs.
  public var runs: [Run] = []
  /// gCO2/kWh by zone, then by instant; `nil` past the end of the trace.
  public var intensity: [[Double?]] = []
  /// GBP/kWh.
  public var price: [[Double?]] = []
  /// True during an outage, by zone, then by instant.
  public var isOut: [[Bool]] = []

  /// Changes of a zone's capacity by events, in the first replication: from the index of an instant on.
  public struct CapacityStep: Sendable {
    public var zone: Int
    public var from: Int
    public var cpuCores: Double
    public var memoryGigabytes: Double
    public var gpus: Double
  }

  /// By zone, then by instant.
  public var capacities: [CapacityStep] = []

  /// How many times zones times runs there are.
  public var cells: Int { instants.count * intensity.count * runs.count }

  /// A copy with no more than `most` instants, as far apart as possible, including the first.
  public func thinned(to most: Int) -> ZoneHistory {
    guard instants.count > max(most, 1) else { return self }
    let step = (instants.count + max(most, 1) - 1) / max(most, 1)
    func kept<Value>(_ values: [Value]) -> [Value] { stride(from: 0, to: values.count, by: step).map { values[$0] } }
    var thin = self
    thin.instants = kept(instants)
    thin.intensity = intensity.map(kept)
    thin.price = price.map(kept)
    thin.isOut = isOut.map(kept)
    // The step that holds at a kept instant begins there, or at the first kept one after its begin.
    for index in thin.capacities.indices { thin.capacities[index].from = (capacities[index].from + step - 1) / step }
    for run in thin.runs.indices {
      thin.runs[run].running = runs[run].running.map(kept)
      thin.runs[run].assigned = runs[run].assigned.map(kept)
      thin.runs[run].cpuCores = runs[run].cpuCores.map(kept)
      thin.runs[run].memoryGigabytes = runs[run].memoryGigabytes.map(kept)
      thin.runs[run].gpus = runs[run].gpus.map(kept)
    }
    return thin
  }
}

extension ChartReading {
  /// `nil` where there is none.
  private func figure(_ row: Row, _ column: String) -> Double? {
    guard let value = Double.fromDatabaseValue(row[column] ?? .null), StoredNumber.isPlausible(value) else {
      return nil
    }
    return value
  }

  /// - Parameters:
  ///   - runs: of one replication.
  ///   - zones: `grid_zones.id`.
  /// - Returns: nothing of a result without samples.
  /// - Throws: ``AuditRefusal`` where the runs or zones have samples at other instants than the first.
  func history(runs ids: [Int], zones: [Int]) throws -> ZoneHistory {
    var history = ZoneHistory()
    let places = Dictionary(zip(zones, zones.indices)) { first, _ in first }
    // A result that was written before there was this column has none.
    let hasAssigned = try database.columns(in: "zone_samples").contains { $0.name == "assigned" }
    for (order, id) in ids.enumerated() {
      var run = ZoneHistory.Run()
      run.running = zones.map { _ in [] }
      (run.assigned, run.cpuCores) = (run.running, zones.map { _ in [] })
      (run.memoryGigabytes, run.gpus) = (run.cpuCores, run.cpuCores)
      var instants = zones.map { _ in [Instant]() }
      var (intensity, price) = (zones.map { _ in [Double?]() }, zones.map { _ in [Double?]() })
      try rows(
        "zone_samples", "SELECT * FROM zone_samples WHERE run_id = ? ORDER BY grid_zone_id, sampled_at", [id]
      ) { row in
        guard let zone = places[try whole(row, "zone_samples", "grid_zone_id")] else { return }
        instants[zone].append(try instant(row, "zone_samples", "sampled_at"))
        let running = try whole(row, "zone_samples", "running")
        run.running[zone].append(running)
        run.assigned[zone].append(hasAssigned ? try whole(row, "zone_samples", "assigned") : running)
        run.cpuCores[zone].append(try number(row, "zone_samples", "cpu_cores_allocated"))
        run.memoryGigabytes[zone].append(try number(row, "zone_samples", "memory_gb_allocated"))
        run.gpus[zone].append(try number(row, "zone_samples", "gpus_allocated"))
        intensity[zone].append(figure(row, "carbon_intensity"))
        price[zone].append(figure(row, "energy_price"))
      }
      if order == 0 {
        history.instants = instants.first ?? []
        (history.intensity, history.price) = (intensity, price)
      }
      guard instants.allSatisfy({ $0 == history.instants }) else {
        throw AuditRefusal.damaged(path: path, told: ["zone_samples of run \(id): zones have other instants"])
      }
      history.runs.append(run)
    }
    history.isOut = try outages(zones, at: history.instants)
    history.capacities = try capacities(zones, at: history.instants)
    return history
  }

  /// Outages of each zone at instants in order, in the first replication.
  private func outages(_ zones: [Int], at instants: [Instant]) throws -> [[Bool]] {
    var isOut = zones.map { _ in Array(repeating: false, count: instants.count) }
    let places = Dictionary(zip(zones, zones.indices)) { first, _ in first }
    // 0: of all replications.
    try rows("zone_capacity", "SELECT * FROM zone_capacity WHERE replication IN (0, 1) AND is_out") { row in
      guard let zone = places[try whole(row, "zone_capacity", "grid_zone_id")] else { return }
      let start = try instant(row, "zone_capacity", "starts_at")
      let end = (row["ends_at"] ?? DatabaseValue.null).isNull ? .never : try instant(row, "zone_capacity", "ends_at")
      for (place, at) in instants.enumerated() where at >= start && at < end { isOut[zone][place] = true }
    }
    return isOut
  }

  /// Capacities that events give zones; empty for a zone that has its own throughout.
  private func capacities(_ zones: [Int], at instants: [Instant]) throws -> [ZoneHistory.CapacityStep] {
    var steps: [ZoneHistory.CapacityStep] = []
    let places = Dictionary(zip(zones, zones.indices)) { first, _ in first }
    try rows(
      "zone_capacity",
      "SELECT * FROM zone_capacity WHERE replication IN (0, 1) ORDER BY grid_zone_id, starts_at"
    ) { row in
      guard let zone = places[try whole(row, "zone_capacity", "grid_zone_id")] else { return }
      let start = try instant(row, "zone_capacity", "starts_at")
      steps.append(
        ZoneHistory.CapacityStep(
          zone: zone, from: instants.firstIndex { $0 >= start } ?? instants.count,
          cpuCores: try number(row, "zone_capacity", "cpu_cores"),
          memoryGigabytes: try number(row, "zone_capacity", "memory_gb"),
          gpus: try number(row, "zone_capacity", "gpus")))
    }
    return steps
  }
}
