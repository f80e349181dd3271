public import Domain
internal import GRDB
public import Metrics

/// One run as the table `runs` holds it.
public struct RunRow: Sendable {
  public var id: Int
  public var scenario: String
  public var policy: String
  /// Label that distinguishes it from other policies of its replication.
  public var label: String
  public var replication: Int
  /// Sources of variation between the replications, as `Variation.text` writes them.
  public var varies: String
  public var seed: UInt64
  public var baselineRun: Int
  public var clockStart: Instant
  public var clockEnd: Instant
  public var drains: Bool
  /// Which traces of `trace_steps` it ran on.
  public var traceSet: Int
  public var eventOrderVersion: Int
  public var placementSignature: String
  public var metrics: [(name: String, value: Double?)]
  /// The policy's own figures, where it has any.
  public var policyMetrics: [(name: String, value: Double?)]
  public var zones: [ZoneFigures]
  /// The figures of zones where ``zones`` has none, in the order of `ZoneFigures.names`.
  public var zoneValues: [(id: Int, values: [Double?])]
  public var samples: [ZoneSample]
  /// Machine time, apart from the deterministic figures; `nil` where it was not taken.
  public var wallClock: WallClock?
  /// True if the policy keeps a job in its home zone.
  public var staysAtHome: Bool
  public var interruption: InterruptionRules
  /// Figures of the jobs that charts need; `nil` if they were not gathered.
  public var charts: ChartFigures?
  /// From the clock's start; jobs that were submitted within it are in no figure.
  public var warmUp: TimeSpan
  /// `workload.home` in a word, jobs without a home zone and jobs that got one by it.
  public var homes: (rule: String?, without: Int, given: Int)
  /// The currency of its costs.
  public var currency: Currency

  public init(
    id: Int, scenario: String, policy: String, replication: Int, seed: UInt64, baselineRun: Int, clockStart: Instant,
    clockEnd: Instant, drains: Bool, traceSet: Int, eventOrderVersion: Int, placementSignature: String,
    metrics: [(name: String, value: Double?)], zones: [ZoneFigures], samples: [ZoneSample], wallClock: WallClock?,
    staysAtHome: Bool, interruption: InterruptionRules, policyMetrics: [(name: String, value: Double?)] = [],
    zoneValues: [(id: Int, values: [Double?])] = [], charts: ChartFigures? = nil, warmUp: TimeSpan = .zero,
    label: String? = nil, varies: String = Variation([]).text,
    homes: (rule: String?, without: Int, given: Int) = (nil, 0, 0), currency: Currency = .gbp
  ) {
    self.label = label ?? policy
    self.varies = varies
    self.id = id
    self.scenario = scenario
    self.policy = policy
    self.replication = replication
    self.seed = seed
    self.baselineRun = baselineRun
    self.clockStart = clockStart
    self.clockEnd = clockEnd
    self.drains = drains
    self.traceSet = traceSet
    self.eventOrderVersion = eventOrderVersion
    self.placementSignature = placementSignature
    self.metrics = metrics
    self.zones = zones
    self.zoneValues = zoneValues
    self.samples = samples
    self.wallClock = wallClock
    self.staysAtHome = staysAtHome
    self.interruption = interruption
    self.policyMetrics = policyMetrics
    self.charts = charts
    self.warmUp = warmUp
    self.homes = homes
    self.currency = currency
  }
}

/// Time that a run took on the machine.
public struct WallClock: Sendable {
  /// The simulation phase.
  public var simulationSeconds: Double
  /// Policy calls, nanoseconds; `nil` where none was timed.
  public var decisionP50Nanoseconds: Double?
  public var decisionP99Nanoseconds: Double?

  public init(simulationSeconds: Double, decisionP50Nanoseconds: Double?, decisionP99Nanoseconds: Double?) {
    self.simulationSeconds = simulationSeconds
    self.decisionP50Nanoseconds = decisionP50Nanoseconds
    self.decisionP99Nanoseconds = decisionP99Nanoseconds
  }
}

/// A new SQLite file being filled. It is not under its final name yet, so a crash may leave anything in it: no
/// journal is kept, and foreign keys, true by construction, are not looked up row by row.
final class ResultDatabase {
  private let queue: DatabaseQueue
  /// True if the tables with one column per figure exist; they are made when the first figures come.
  private var hasFigureTables = false
  private let sweep: SweepSchema?
  /// The point of a sweep to which the next runs belong.
  private(set) var point: Int?

  /// - Parameter path: where no file is yet.
  /// - Parameters:
  ///   - conditions: carbon intensity and price of each zone at the clock's start.
  ///   - sweep: what a sweep's results have beyond a run's; `nil` for a run's.
  init(
    path: String, zones: [Zone], conditions: [(carbon: Double?, price: Double?)],
    users: [UserRow], sweep: SweepSchema? = nil
  ) throws {
    self.sweep = sweep
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      try database.execute(
        sql: "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
          + "PRAGMA cache_size = -32000; PRAGMA temp_store = FILE; PRAGMA locking_mode = EXCLUSIVE; "
          + "PRAGMA secure_delete = OFF")
    }
    queue = try storing { try DatabaseQueue(path: path, configuration: configuration) }
    try write { database in
      try database.execute(sql: "BEGIN")
      try database.execute(sql: Schema.tables)
      if let sweep { try database.execute(sql: sweep.tables) }
      for (zone, now) in zip(zones, conditions) { try insert(zone, now, database) }
      for user in users {
        try insert(
          "users", [user.id, user.email, user.name, user.email, user.role, user.createdAt.iso8601], database)
      }
    }
  }

  /// Work on the open transaction.
  func write(_ work: (Database) throws -> Void) throws(StoreError) { try storing { try queue.inDatabase(work) } }

  private func insert(_ table: String, _ values: [(any DatabaseValueConvertible)?], _ database: Database) throws {
    let marks = values.map { _ in "?" }.joined(separator: ",")
    try database.cachedStatement(sql: "INSERT INTO \(table) VALUES (\(marks))")
      .execute(arguments: StatementArguments(values))
  }

  /// Begins a point of a sweep.
  ///
  /// - Parameter settings: a text for each key, `nil` where the point does not set it.
  func begin(point: Int, keys: [String], settings: [String?]) throws {
    self.point = point
    try write { database in
      var row: [(any DatabaseValueConvertible)?] = [point]
      for text in settings where sweep?.hasColumns == true {
        switch text.map({ SweepSchema.value($0) }) {
        case nil: row.append(nil)
        case .whole(let number)?: row.append(number)
        case .number(let number)?: row.append(number)
        case .text(let text)?: row.append(text)
        }
      }
      try insert("points", row, database)
      for (key, value) in zip(keys, settings) {
        if let value { try insert("point_settings", [point, key, value], database) }
      }
    }
  }

  private func insert(_ zone: Zone, _ now: (carbon: Double?, price: Double?), _ database: Database) throws {
    let place = "{\"lat\":\(zone.coordinates.latitude),\"lng\":\(zone.coordinates.longitude)}"
    let hardware = zone.hardware
    try insert(
      "grid_zones",
      [
        zone.id, String(zone.id), zone.name, zone.code, zone.region, zone.country, place, now.carbon, now.price,
        zone.capacity.cpuCores, zone.capacity.memoryGigabytes, zone.capacity.gpus, zone.pue, zone.idlePower.value,
        hardware.cpuCoreWatts, hardware.gpuWatts, hardware.memoryGigabyteWatts,
      ], database)
  }

  func insert(_ requirements: [Requirement]) throws {
    try write { database in
      for asked in requirements { try insert("requirements", [asked.metric, asked.least, asked.most], database) }
    }
  }

  /// - Parameter replication: the one that it holds for; 0: all.
  func insert(_ period: CapacityPeriod, of zone: Int, replication: Int, _ database: Database) throws {
    try insert(
      "zone_capacity",
      [
        replication, zone, period.start.iso8601, period.end == .never ? nil : period.end.iso8601,
        period.capacity.cpuCores,
        period.capacity.memoryGigabytes, period.capacity.gpus, period.isOut, period.outage?.rawValue,
      ], database)
  }

  func insert(_ runs: [RunRow], hasWorkloads: Bool) throws {
    try write { database in
      if let first = runs.first, !hasFigureTables {
        hasFigureTables = true
        try database.execute(sql: Schema.zoneMetrics(ZoneFigures.names))
        let names = first.metrics.map(\.name)
        try database.execute(sql: sweep?.wideView(names) ?? Schema.wideView(names))
        try database.execute(sql: ResultViews.all(hasPoints: sweep != nil))
      }
      for run in runs { try insert(run, hasWorkloads, database) }
    }
  }

  private func insert(_ run: RunRow, _ hasWorkloads: Bool, _ database: Database) throws {
    // A seed may need all 64 bits, which SQLite's signed integers do not hold: text keeps it.
    let last: [(any DatabaseValueConvertible)?] = sweep == nil ? [] : [point]
    try insert(
      "runs",
      [
        run.id, run.scenario, run.policy, run.label, run.replication, run.varies, String(run.seed),
        run.id == run.baselineRun, run.baselineRun, run.clockStart.iso8601, run.clockEnd.iso8601, run.drains,
        run.traceSet, hasWorkloads,
        run.eventOrderVersion, run.placementSignature, run.staysAtHome, run.interruption.checkpoint.inSeconds,
        run.interruption.resume.inSeconds, run.interruption.checkpointEnergy.value,
        run.interruption.resumeEnergy.value, run.warmUp.inSeconds, run.homes.rule,
        run.homes.without, run.homes.given, run.currency.code, run.wallClock?.simulationSeconds,
        run.wallClock?.decisionP50Nanoseconds, run.wallClock?.decisionP99Nanoseconds,
      ] + last, database)
    try insert(run.metrics, of: run.id, database)
    for (name, value) in run.policyMetrics { try insert("policy_metrics", [run.id, name, value], database) }
    let zones = run.zones.map { ($0.zone.id, $0.values.map(\.value)) } + run.zoneValues
    try insert(zones, of: run.id, database)
    try insert(run.samples, of: run.id, database)
    if let charts = run.charts { try ChartRows.insert(charts, of: run.id, run.zones.map(\.zone.id), database) }
  }

  private func insert(_ metrics: [(name: String, value: Double?)], of run: Int, _ database: Database) throws {
    var row = try RowBinder(database, sql: "INSERT INTO run_metrics VALUES (?, ?, ?)")
    for (name, value) in metrics {
      var name = name
      row.put(run)
      try name.withUTF8 { text in
        row.put(text)
        if let value { row.put(value) } else { row.putNull() }
        try row.endRow()
      }
    }
  }

  private func insert(_ zones: [(id: Int, values: [Double?])], of run: Int, _ database: Database) throws {
    let marks = Array(repeating: "?", count: 2 + ZoneFigures.names.count).joined(separator: ", ")
    var row = try RowBinder(database, sql: "INSERT INTO zone_metrics VALUES (\(marks))")
    for zone in zones {
      row.put(run)
      row.put(zone.id)
      for value in zone.values { if let value { row.put(value) } else { row.putNull() } }
      try row.endRow()
    }
  }

  private func insert(_ samples: [ZoneSample], of run: Int, _ database: Database) throws {
    let text = TextBuffer()
    var row = try RowBinder(database, sql: "INSERT INTO zone_samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for sample in samples {
      text.removeAll()
      text.append(sample.at)
      row.put(run)
      row.put(sample.zone)
      row.put(text.bytes)
      row.put(sample.running)
      row.put(sample.allocated.cpuCores)
      row.put(sample.allocated.memoryGigabytes)
      row.put(sample.allocated.gpus)
      for value in [sample.intensity?.value, sample.price?.value] {
        if let value { row.put(value) } else { row.putNull() }
      }
      row.put(sample.assigned)
      try row.endRow()
    }
  }

  /// The steps of a trace from an instant on, up to another or to the trace's end: each with its own end, so that the
  /// table tells where a trace is over and where steps are missing.
  func insert(
    set: Int, quantity: String, zone: Int, _ trace: StepTrace, from: Instant, until: Instant
  ) throws {
    let texts = TextBuffer()
    texts.append(quantity)
    try write { database in
      var row = try RowBinder(database, sql: "INSERT INTO trace_steps VALUES (?, ?, ?, ?, ?, ?)")
      texts.reserve(48)
      var at = from
      while at < until, trace.isEndless || at < trace.end {
        let next = min(trace.nextStamp(after: at), trace.isEndless ? until : min(trace.end, until))
        texts.append(at)
        texts.append(next)
        row.put(set)
        row.put(UnsafeBufferPointer(start: texts.memory, count: texts.count - 48))
        row.put(zone)
        row.put(UnsafeBufferPointer(start: texts.memory + texts.count - 48, count: 24))
        row.put(UnsafeBufferPointer(start: texts.memory + texts.count - 24, count: 24))
        row.put(trace.value(at: at))
        try row.endRow()
        texts.removeLast(48)
        at = next
      }
    }
  }

  /// Makes the indexes, commits and closes.
  func finish(hasDecisions: Bool = false) throws {
    try write { database in
      try database.execute(sql: Schema.indexes)
      if hasDecisions { try database.execute(sql: Schema.decisionIndex) }
      try database.execute(sql: "COMMIT")
    }
    try storing { try queue.close() }
  }
}

/// SQLite's errors (a full disk, most of all) as errors of the store.
private func storing<Value>(_ work: () throws -> Value) throws(StoreError) -> Value {
  do { return try work() } catch let error as StoreError { throw error } catch let error as DatabaseError {
    throw StoreError(description: "cannot write results.sqlite: \(error.message ?? error.description)")
  } catch {
    throw StoreError(description: "cannot write results.sqlite: \(error)")
  }
}
