import Domain

/// What a row turned out to be.
enum RowOutcome {
  case job
  /// Faulty (already reported), blank or a comment.
  case nothing
  case skipped(SkipReason)
}

/// Why a row of a job log is no job.
public enum SkipReason: String, Sendable, CaseIterable {
  /// Submitted outside the simulated span.
  case outsideSpan = "submitted outside the simulated span"
  /// SWF: a run time of 0 or less, or none.
  case noRunTime = "no run time"
  /// SWF: neither allocated nor requested processors.
  case noProcessors = "no processors"
}

/// Turns one row into a job. It keeps the row's fields until the next one.
struct JobRowParser {
  let path: String
  let format: JobFormat
  var line = 0
  var issues = IssueList()
  var fields = CSVFields()
  /// Of the last row: the job (without sequence, user and texts) and what really happened.
  var job = JobRowParser.blank
  var actual = TimeSpan.zero
  var id = Bytes(start: nil, count: 0)
  var name = Bytes(start: nil, count: 0)
  var user = Bytes(start: nil, count: 0)

  static let blank = Job(
    sequence: 0, identity: 0, submittedAt: .never, estimatedDuration: .zero, demand: .zero)
  static let longest = 1e12
  /// GB a core where a row tells no memory.
  let memoryPerCore: Double
  /// SWF's header `UnixStartTime`, in seconds.
  private(set) var unixStart: Int64?

  init(path: String, format: JobFormat, memoryPerCore: Double) {
    self.path = path
    self.format = format
    self.memoryPerCore = memoryPerCore
  }

  mutating func parse(_ row: UnsafeMutableBufferPointer<UInt8>) -> RowOutcome {
    if Bytes(row).trimmed.isEmpty { return .nothing }
    switch format {
    case .csv(let header, let zones): return parseCSV(row, header, zones)
    case .swf: return parseSWF(row)
    }
  }

  mutating func report(_ key: String, _ found: String, _ expected: String) {
    issues.add(InputIssue(file: path, line: line, key: key, found: found, expected: expected))
  }

  private mutating func parseCSV(
    _ row: UnsafeMutableBufferPointer<UInt8>, _ header: JobHeader, _ zones: ZoneMatcher
  ) -> RowOutcome {
    guard fields.split(row) else {
      report("", "text after a closing quote", "a comma")
      return .nothing
    }
    guard fields.count == header.count else {
      report("", "\(fields.count) fields", "\(header.count), as in the header")
      return .nothing
    }
    let faults = issues.issues.count + issues.more
    job = JobRowParser.blank
    id = field(.jobID, header)
    if id.isEmpty { report("job_id", "nothing", "an id") }
    name = field(.workloadName, header)
    user = field(.userID, header)
    job.identity = id.stableHash
    job.submittedAt = instant(.submittedAt, header, required: true)
    readDemand(header)
    readDurations(header)
    job.estimatedEnergy = Energy(number(.energy, header) ?? .nan)
    job.emissionsCap = Emissions(number(.carbonCap, header) ?? .infinity)
    job.intensityCap = CarbonIntensity(number(.intensityCap, header) ?? .infinity)
    job.costCap = Money(number(.priceCap, header) ?? .infinity)
    job.deferralWindow = span(number(.deferral, header) ?? 120, of: 60_000)
    job.deadline = instant(.deadline, header, required: false)
    if job.deadline < job.submittedAt, job.submittedAt != .never {
      report("deadline", field(.deadline, header).quoted, "a time not before submitted_at")
    }
    readNames(header, zones)
    return issues.issues.count + issues.more == faults ? .job : .nothing
  }

  private mutating func readNames(_ header: JobHeader, _ zones: ZoneMatcher) {
    let urgency = field(.urgency, header)
    if !urgency.isEmpty {
      if let known = urgencies[urgency.nameHash] {
        job.urgency = known
      } else {
        report("urgency", urgency.quoted, list(Urgency.allCases.map(\.name)))
      }
    }
    let type = field(.workloadType, header)
    if !type.isEmpty {
      if let known = workloadTypes[type.nameHash] {
        job.type = known
      } else {
        report("workload_type", type.quoted, list(WorkloadType.allCases.map(\.name)))
      }
    }
    let home = field(.homeZone, header)
    if !home.isEmpty {
      if let zone = zones.place(of: home) {
        job.homeZone = zone
      } else {
        report("home_zone", home.quoted, "a zone's id, code, name or alias")
      }
    }
  }

  private mutating func readDemand(_ header: JobHeader) {
    let cores = number(.cores, header) ?? 1
    job.demand = Resources(
      milliCores: thousandths(cores), milliGigabytes: thousandths(number(.memory, header) ?? cores * memoryPerCore),
      milliGPUs: thousandths(number(.gpus, header) ?? 0))
  }

  private mutating func readDurations(_ header: JobHeader) {
    let given = field(.duration, header)
    let minutes = number(.gpuMinutes, header)
    if !given.isEmpty {
      guard let seconds = number(.duration, header) else { return }
      job.estimatedDuration = span(seconds, of: 1000)
      if job.estimatedDuration <= .zero { report("duration_s", given.quoted, "a number > 0") }
    } else if let minutes, minutes > 0, job.demand.milliGPUs > 0 {
      job.estimatedDuration = span(minutes / job.demand.gpus, of: 60_000)
      if job.estimatedDuration <= .zero { report("required_gpu_mins", "\(minutes)", "at least a millisecond a GPU") }
    } else {
      report("duration_s", "nothing", "a number > 0 (or required_gpu_mins with required_gpus)")
    }
    actual = job.estimatedDuration
    let real = field(.actualDuration, header)
    guard !real.isEmpty, let seconds = number(.actualDuration, header) else { return }
    actual = span(seconds, of: 1000)
    if actual <= .zero { report("actual_duration_s", real.quoted, "a number > 0") }
  }

  private func field(_ column: JobColumn, _ header: JobHeader) -> Bytes {
    let place = header.fieldOf[column.place]
    return place < 0 ? Bytes(start: nil, count: 0) : fields[place]
  }

  /// `nil` for an absent cell and, after reporting it, for a faulty one.
  private mutating func number(_ column: JobColumn, _ header: JobHeader) -> Double? {
    let cell = field(column, header)
    if cell.isEmpty { return nil }
    guard let value = cell.number, value >= 0, value <= JobRowParser.longest else {
      report(column.name, cell.quoted, "a number from 0 to 1e12")
      return nil
    }
    return value
  }

  private mutating func instant(_ column: JobColumn, _ header: JobHeader, required: Bool) -> Instant {
    let cell = field(column, header)
    if cell.isEmpty, !required { return .never }
    guard let value = Instant(utf8: cell) else {
      report(column.name, cell.quoted, "an ISO 8601 time or epoch seconds")
      return .never
    }
    return value
  }

  private mutating func parseSWF(_ row: UnsafeMutableBufferPointer<UInt8>) -> RowOutcome {
    fields.splitBlanks(row)
    if fields[0].first == 59 {
      noteStart(Bytes(row).text)
      return .nothing
    }
    guard fields.count == 18 else {
      report("", "\(fields.count) fields", "the 18 of the Standard Workload Format")
      return .nothing
    }
    var values: (number: Double, submit: Double) = (0, 0)
    for place in 0..<18 {
      guard let value = fields[place].number, abs(value) <= JobRowParser.longest else {
        report("field \(place + 1)", fields[place].quoted, "a number")
        return .nothing
      }
      if place == 0 { values.number = value }
      if place == 1 { values.submit = value }
    }
    guard values.submit >= 0 else {
      report("field 2", fields[1].quoted, "a submit time of at least 0")
      return .nothing
    }
    let run = swf(4)
    guard run > 0 else { return .skipped(.noRunTime) }
    let processors = swf(5) > 0 ? swf(5) : swf(8)
    guard processors > 0 else { return .skipped(.noProcessors) }
    let kilobytes = swf(10) > 0 ? swf(10) : swf(7)
    let gigabytes = kilobytes > 0 ? kilobytes / 1_048_576 : memoryPerCore
    job = JobRowParser.blank
    id = fields[0]
    name = Bytes(start: nil, count: 0)
    user = fields[11]
    job.identity = "swf-\(Int64(values.number))".stableHash
    job.submittedAt = Instant(milliseconds: 0) + span(values.submit, of: 1000)
    job.estimatedDuration = span(swf(9) > 0 ? swf(9) : run, of: 1000)
    actual = span(run, of: 1000)
    job.demand = Resources(
      milliCores: thousandths(processors), milliGigabytes: thousandths(gigabytes * processors),
      milliGPUs: 0)
    return .job
  }

  private mutating func noteStart(_ comment: String) {
    let parts = comment.split(whereSeparator: { "; :\t".contains($0) })
    if parts.count == 2, parts[0] == "UnixStartTime" { unixStart = Int64(parts[1]) }
  }

  private func swf(_ number: Int) -> Double { fields[number - 1].number ?? -1 }
}

/// A number of units as milliseconds, rounded.
private func span(_ count: Double, of unit: Double) -> TimeSpan {
  TimeSpan(milliseconds: Int64(min((count * unit).rounded(), 4e15)))
}

/// A demand in thousandths, rounded up (but for the noise of the multiplication).
func thousandths(_ value: Double) -> Int64 {
  let scaled = value * 1000
  let nearest = scaled.rounded()
  return Int64(abs(scaled - nearest) <= 1e-12 * nearest ? nearest : scaled.rounded(.up))
}

private let urgencies = Dictionary(uniqueKeysWithValues: Urgency.allCases.map { ($0.name.nameHash, $0) })
private let workloadTypes = Dictionary(uniqueKeysWithValues: WorkloadType.allCases.map { ($0.name.nameHash, $0) })
