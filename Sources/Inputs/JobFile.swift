public import Domain

/// Jobs of a CSV file with the platform's column names, in memory, in order of submission.
public struct JobFile: Sendable {
  public private(set) var jobs: [SubmittedJob] = []
  /// `job_id` by sequence.
  public private(set) var identifiers: [String] = []
  /// Rows submitted outside the clock, which are not simulated.
  public private(set) var outsideClock = 0

  /// - Throws: ``InputError`` with every fault of the file.
  public init(path: String, zones: [Zone], start: Instant, end: Instant) throws {
    let table = try CSVTable(file: path)
    var reader = JobRowReader(table: table, zones: zones)
    var rows: [(job: SubmittedJob, name: String)] = []
    var seen: [String: Int] = [:]
    for row in table.rows {
      reader.row = row
      let name = reader.text("job_id") ?? ""
      if name.isEmpty { reader.report("job_id", "nothing", "a job_id") }
      if let earlier = seen[name] {
        reader.report("job_id", "\"\(name)\" again, as in line \(earlier)", "each job once")
      }
      seen[name] = row.line
      if let job = reader.job(name) { rows.append((job, name)) }
    }
    guard reader.issues.isEmpty else { throw InputError(issues: reader.issues) }
    let inside = rows.filter { $0.job.job.submittedAt >= start && $0.job.job.submittedAt < end }
    outsideClock = rows.count - inside.count
    let ordered = inside.enumerated().sorted {
      ($0.element.job.job.submittedAt, $0.offset) < ($1.element.job.job.submittedAt, $1.offset)
    }
    for (sequence, entry) in ordered.enumerated() {
      var submitted = entry.element.job
      submitted.job.sequence = sequence
      jobs.append(submitted)
      identifiers.append(entry.element.name)
    }
  }
}

/// Reads one row after another, gathering faults.
private struct JobRowReader {
  let table: CSVTable
  let zones: [Zone]
  var issues: [InputIssue] = []
  var row: (line: Int, cells: [String]) = (0, [])

  init(table: CSVTable, zones: [Zone]) {
    self.table = table
    self.zones = zones
  }

  mutating func report(_ column: String, _ found: String, _ expected: String) {
    issues.append(InputIssue(file: table.file, line: row.line, column: column, found: found, expected: expected))
  }

  func text(_ column: String) -> String? {
    guard let at = table.header.firstIndex(of: column), !row.cells[at].isEmpty else { return nil }
    return row.cells[at]
  }

  mutating func number(_ column: String, atLeast least: Double = 0) -> Double? {
    guard let text = text(column) else { return nil }
    guard let value = Double(text), value.isFinite, value >= least, value < 1e12 else {
      report(column, "\"\(text)\"", "a number from \(least) to 1e12")
      return nil
    }
    return value
  }

  mutating func instant(_ column: String) -> Instant? {
    guard let text = text(column) else { return nil }
    if let instant = Instant(text: text) { return instant }
    report(column, "\"\(text)\"", "an instant (ISO 8601 or epoch seconds)")
    return nil
  }

  mutating func span(_ column: String) -> TimeSpan? {
    guard let seconds = number(column, atLeast: 0.001) else { return nil }
    return TimeSpan(milliseconds: Int64((seconds * 1000).rounded()))
  }

  mutating func job(_ name: String) -> SubmittedJob? {
    let faults = issues.count
    if text("submitted_at") == nil { report("submitted_at", "nothing", "an instant") }
    let submittedAt = instant("submitted_at")
    let gpus = number("required_gpus")
    var duration = span("duration_s")
    if duration == nil, text("duration_s") == nil, let minutes = number("required_gpu_mins"), let gpus, gpus > 0 {
      duration = TimeSpan(milliseconds: Int64((minutes / gpus * 60_000).rounded()))
    }
    if duration == nil && issues.count == faults {
      report("duration_s", "nothing", "seconds > 0 (or required_gpu_mins with required_gpus)")
    }
    func milli(_ value: Double) -> Int64 { Int64((value * 1000 - 1e-6).rounded(.up)) }
    let demand = Resources(
      milliCores: milli(number("required_cpu_cores") ?? 1), milliGigabytes: milli(number("required_memory_gb") ?? 0),
      milliGPUs: milli(gpus ?? 0))
    let actual = span("actual_duration_s")
    let home = homeZone()
    let deadline = instant("deadline")
    if let deadline, let submittedAt, deadline < submittedAt {
      report("deadline", deadline.iso8601, "an instant after submitted_at, \(submittedAt.iso8601)")
    }
    var job = Job(
      sequence: 0, identity: fnv1a(name), submittedAt: submittedAt ?? .never, estimatedDuration: duration ?? .zero,
      demand: demand, estimatedEnergy: Energy(number("estimated_energy_kwh") ?? .nan), deadline: deadline ?? .never,
      deferralWindow: TimeSpan(milliseconds: Int64((number("deferral_window_mins") ?? 120) * 60_000)), homeZone: home)
    job.emissionsCap = Emissions(number("carbon_cap_gco2") ?? .infinity)
    job.costCap = Money(number("max_price_gbp") ?? .infinity)
    job.intensityCap = CarbonIntensity(number("max_carbon_intensity_gco2_kwh") ?? .infinity)
    if let text = text("urgency") {
      if let known = Urgency.allCases.first(where: { $0.name == text.uppercased() }) {
        job.urgency = known
      } else {
        report("urgency", "\"\(text)\"", Urgency.allCases.map(\.name).joined(separator: " | "))
      }
    }
    if let text = text("workload_type") {
      if let known = WorkloadType.allCases.first(where: { $0.name == text.uppercased() }) {
        job.type = known
      } else {
        report("workload_type", "\"\(text)\"", WorkloadType.allCases.map(\.name).joined(separator: " | "))
      }
    }
    guard issues.count == faults, let duration else { return nil }
    return SubmittedJob(job: job, actualDuration: actual ?? duration)
  }

  private mutating func homeZone() -> Int {
    guard let text = text("home_zone") else { return -1 }
    if let found = zones.firstIndex(where: { ([String($0.id), $0.code, $0.name] + $0.aliases).contains(text) }) {
      return found
    }
    report("home_zone", "\"\(text)\"", "one of \(zones.map(\.code).joined(separator: ", "))")
    return -1
  }

  /// Fowler–Noll–Vo 1a, 64 bits (draft-eastlake-fnv).
  private func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
