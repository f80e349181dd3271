import Domain

/// What a row turned out to be.
enum RowOutcome {
  case job
  /// Blank, a comment, or so faulty (already reported) that nothing is known of it.
  case nothing
  /// Faulty (already reported), but its id is known.
  case faulty
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
  private let sort: Sort
  private let idPrefix: StaticString
  /// Of a CSV with the platform's columns.
  private let zones: ZoneMatcher?
  /// When all jobs of a batch upload are submitted; `nil` for other files.
  private let uploadedAt: Instant?
  private let fieldOf: [Int]
  private let fieldCount: Int
  var line = 0
  var issues = IssueList()
  let fields = CSVFields()
  /// Of the last row: the job (without sequence, user and texts) and what really happened.
  var job = JobRowParser.blank
  var actual = TimeSpan.zero
  var id = Bytes(start: nil, count: 0)
  var name = Bytes(start: nil, count: 0)
  var user = Bytes(start: nil, count: 0)

  /// Which of the ways to read a row.
  private enum Sort {
    case csv
    case gaia(GAIAHeader)
    case swf
  }

  static let blank = Job(
    sequence: 0, identity: 0, submittedAt: .never, estimatedDuration: .zero, demand: .zero)
  static let longest = 1e12
  /// GB a core where a row tells no memory.
  let memoryPerCore: Double
  private var urgencyNames = NameLookup(Urgency.allCases.map { ($0.name, $0) })
  private var typeNames = NameLookup(WorkloadType.allCases.map { ($0.name, $0) })
  /// The number of the last row that was not blank, from 1; where rows are numbered.
  var row = 0
  private(set) var assumedDurations = 0
  private let digits = RowDigits()
  /// SWF's header `UnixStartTime`, in seconds.
  private(set) var unixStart: Int64?

  init(path: String, format: JobFormat, memoryPerCore: Double) {
    self.path = path
    self.memoryPerCore = memoryPerCore
    idPrefix = format.idPrefix
    var columns = JobHeader()
    switch format {
    case .csv(let header, let zones):
      (sort, self.zones, uploadedAt) = (.csv, zones, nil)
      columns = header
    case .platform(let header, let zones, let instant):
      (sort, self.zones, uploadedAt) = (.csv, zones, instant)
      columns = header
    case .gaia(let header): (sort, zones, uploadedAt) = (.gaia(header), nil, nil)
    case .swf: (sort, zones, uploadedAt) = (.swf, nil, nil)
    }
    fieldOf = columns.fieldOf
    fieldCount = columns.count
  }

  mutating func parse(_ row: UnsafeMutableBufferPointer<UInt8>) -> RowOutcome {
    if Bytes(row).trimmed.isEmpty { return .nothing }
    self.row += 1
    switch sort {
    case .csv: return parseCSV(row)
    case .gaia(let header): return parseGAIA(row, header)
    case .swf: return parseSWF(row)
    }
  }

  mutating func report(_ key: String, _ found: String, _ expected: String) {
    issues.add(InputIssue(file: path, line: line, key: key, found: found, expected: expected))
  }

  private mutating func parseCSV(_ row: UnsafeMutableBufferPointer<UInt8>) -> RowOutcome {
    guard fields.split(row) else {
      report("", "text after a closing quote", "a comma")
      return .nothing
    }
    guard fields.count == fieldCount else {
      report("", "\(fields.count) fields", "\(fieldCount), as in the header")
      return .nothing
    }
    let faults = issues.total
    job = JobRowParser.blank
    if let uploadedAt {
      nameByRow()
      job.submittedAt = uploadedAt
    } else {
      id = field(.jobID)
      if id.isEmpty, has(.jobID) { report("job_id", "nothing", "an id") }
      job.identity = id.stableHash
      job.submittedAt = instant(.submittedAt, required: has(.submittedAt))
    }
    name = field(.workloadName)
    user = field(.userID)
    readDemand()
    if uploadedAt == nil, hasDurations { readDurations() }
    job.estimatedEnergy = Energy(number(.energy) ?? .nan)
    job.emissionsCap = Emissions(number(.carbonCap) ?? .infinity)
    job.intensityCap = CarbonIntensity(number(.intensityCap) ?? .infinity)
    job.costCap = Money(number(.priceCap) ?? .infinity)
    job.deferralWindow = span(number(.deferral) ?? 120, of: 60_000)
    job.deadline = instant(.deadline, required: false)
    if job.deadline < job.submittedAt, job.submittedAt != .never {
      report("deadline", field(.deadline).quoted, "a time not before submitted_at")
    }
    readNames()
    if uploadedAt != nil { readUploadedDuration() }
    guard !id.isEmpty else { return .nothing }
    return issues.total == faults ? .job : .faulty
  }

  /// A column that is missing was told with the header.
  private func has(_ column: JobColumn) -> Bool { uploadedAt != nil || fieldOf[column.place] >= 0 }

  private var hasDurations: Bool { has(.duration) || has(.gpuMinutes) && has(.gpus) }

  private mutating func readNames() {
    let urgency = field(.urgency)
    if !urgency.isEmpty {
      if let known = urgencyNames.value(urgency.nameHash) {
        job.urgency = known
      } else {
        report("urgency", urgency.quoted, list(Urgency.allCases.map(\.name)))
      }
    }
    let type = field(.workloadType)
    if !type.isEmpty {
      if let known = typeNames.value(type.nameHash) {
        job.type = known
      } else {
        report("workload_type", type.quoted, list(WorkloadType.allCases.map(\.name)))
      }
    }
    let home = field(.homeZone)
    if !home.isEmpty {
      if let zone = zones?.place(of: home) {
        job.homeZone = zone
      } else {
        issues.add(
          InputIssue(
            file: path, line: line, key: "home_zone", found: home.quoted, expected: "a zone's id, code, name or alias",
            suggestion: zones?.nearestName(to: home.text)))
      }
    }
  }

  private mutating func readDemand() {
    let cores = number(.cores) ?? 1
    job.demand = Resources(
      milliCores: thousandths(cores), milliGigabytes: thousandths(memory(number(.memory) ?? cores * memoryPerCore)),
      milliGPUs: thousandths(number(.gpus) ?? 0))
  }

  /// GB in all, which a product may make more of than there can be.
  private mutating func memory(_ gigabytes: Double) -> Double {
    if gigabytes <= JobRowParser.longest { return gigabytes }
    report("memory", "\(gigabytes) GB in all", "at most 1e12 GB")
    return 0
  }

  private mutating func readDurations() {
    let given = field(.duration)
    let minutes = number(.gpuMinutes)
    if !given.isEmpty {
      guard let seconds = number(.duration) else { return }
      job.estimatedDuration = span(seconds, of: 1000)
      if job.estimatedDuration <= .zero { report("duration_s", given.quoted, "a number > 0") }
    } else if let minutes, minutes > 0, job.demand.milliGPUs > 0 {
      job.estimatedDuration = span(minutes / job.demand.gpus, of: 60_000)
      if job.estimatedDuration <= .zero { report("required_gpu_mins", "\(minutes)", "at least a millisecond a GPU") }
    } else {
      report("duration_s", "nothing", "a number > 0 (or required_gpu_mins with required_gpus)")
    }
    actual = job.estimatedDuration
    let real = field(.actualDuration)
    guard !real.isEmpty, let seconds = number(.actualDuration) else { return }
    actual = span(seconds, of: 1000)
    if actual <= .zero { report("actual_duration_s", real.quoted, "a number > 0") }
  }

  private mutating func nameByRow() {
    id = digits.write(row)
    job.identity = id.stableHash(after: idPrefix)
  }

  /// The upload knows neither GPUs nor durations (domain.md: `required_gpu_mins` = GPUs × estimated minutes).
  private mutating func readUploadedDuration() {
    let minutes = number(.gpuMinutes) ?? 0
    if minutes > 0 {
      if job.demand.milliGPUs == 0 { job.demand.milliGPUs = 1000 }
      job.estimatedDuration = span(minutes / job.demand.gpus, of: 60_000)
      if job.estimatedDuration <= .zero { report("required_gpu_mins", "\(minutes)", "at least a millisecond a GPU") }
    } else if let usual = job.type.usualDuration {
      job.estimatedDuration = usual
      assumedDurations += 1
    } else {
      report("required_gpu_mins", field(.gpuMinutes).quoted, "a number > 0, as the type tells no duration")
    }
    actual = job.estimatedDuration
  }

  private mutating func parseGAIA(_ row: UnsafeMutableBufferPointer<UInt8>, _ header: GAIAHeader) -> RowOutcome {
    guard fields.split(row) else {
      report("", "text after a closing quote", "a comma")
      return .nothing
    }
    guard fields.count == header.count else {
      report("", "\(fields.count) fields", "\(header.count), as in the header")
      return .nothing
    }
    var values: [Double] = []
    for (name, place) in zip(GAIAHeader.names, [header.arrival, header.length, header.cpus]) {
      guard let value = fields[place].number, value >= 0, value <= JobRowParser.longest else {
        report(name, fields[place].quoted, "a number from 0 to 1e12")
        return .nothing
      }
      values.append(value)
    }
    guard values[1] > 0 else { return .skipped(.noRunTime) }
    guard values[2] > 0 else { return .skipped(.noProcessors) }
    guard values[2] * memoryPerCore <= JobRowParser.longest else {
      _ = memory(values[2] * memoryPerCore)
      return .nothing
    }
    job = JobRowParser.blank
    nameByRow()
    name = Bytes(start: nil, count: 0)
    user = Bytes(start: nil, count: 0)
    job.submittedAt = Instant(milliseconds: 0) + span(values[0], of: header.unit)
    job.estimatedDuration = lasting(values[1], of: header.unit)
    actual = job.estimatedDuration
    job.demand = Resources(
      milliCores: thousandths(values[2]), milliGigabytes: thousandths(values[2] * memoryPerCore), milliGPUs: 0)
    return .job
  }

  private func field(_ column: JobColumn) -> Bytes {
    let place = fieldOf[column.place]
    return place < 0 ? Bytes(start: nil, count: 0) : fields[place]
  }

  /// `nil` for an absent cell and, after reporting it, for a faulty one.
  private mutating func number(_ column: JobColumn) -> Double? {
    let cell = field(column)
    if cell.isEmpty { return nil }
    guard let value = cell.number, value >= 0, value <= JobRowParser.longest else {
      report(column.name, cell.quoted, "a number from 0 to 1e12")
      return nil
    }
    return value
  }

  private mutating func instant(_ column: JobColumn, required: Bool) -> Instant {
    let cell = field(column)
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
    var submit = 0.0
    for place in 0..<18 {
      guard let value = fields[place].number, abs(value) <= JobRowParser.longest else {
        report("field \(place + 1)", fields[place].quoted, "a number")
        return .nothing
      }
      if place == 1 { submit = value }
    }
    guard submit >= 0 else {
      report("field 2", fields[1].quoted, "a submit time of at least 0")
      return .nothing
    }
    let run = swf(4)
    guard run > 0 else { return .skipped(.noRunTime) }
    let processors = swf(5) > 0 ? swf(5) : swf(8)
    guard processors > 0 else { return .skipped(.noProcessors) }
    let kilobytes = swf(10) > 0 ? swf(10) : swf(7)
    let gigabytes = processors * (kilobytes > 0 ? kilobytes / 1_048_576 : memoryPerCore)
    guard gigabytes <= JobRowParser.longest else {
      _ = memory(gigabytes)
      return .nothing
    }
    job = JobRowParser.blank
    id = fields[0]
    name = Bytes(start: nil, count: 0)
    user = fields[11]
    // Of the id as it is written: `swf-007` where the log says 007.
    job.identity = id.stableHash(after: "swf-")
    job.submittedAt = Instant(milliseconds: 0) + span(submit, of: 1000)
    job.estimatedDuration = lasting(swf(9) > 0 ? swf(9) : run, of: 1000)
    actual = lasting(run, of: 1000)
    job.demand = Resources(
      milliCores: thousandths(processors), milliGigabytes: thousandths(gigabytes),
      milliGPUs: 0)
    return .job
  }

  private mutating func noteStart(_ comment: String) {
    let parts = comment.split(whereSeparator: { "; :\t".contains($0) })
    if parts.count == 2, parts[0] == "UnixStartTime" { unixStart = Int64(parts[1]) }
  }

  private func swf(_ number: Int) -> Double { fields[number - 1].number ?? -1 }
}

/// How long a job lasts: what is above 0 is not nothing.
private func lasting(_ count: Double, of unit: Double) -> TimeSpan {
  max(span(count, of: unit), TimeSpan(milliseconds: 1))
}

/// A number of units as milliseconds, rounded.
private func span(_ count: Double, of unit: Double) -> TimeSpan {
  TimeSpan(milliseconds: Int64(min((count * unit).rounded(), 4e15)))
}

/// A demand in thousandths, rounded up (but for the noise of the multiplication).
func thousandths(_ value: Double) -> Int64 {
  if let whole = Int64(exactly: value), whole < 1 << 50 { return whole * 1000 }
  let scaled = value * 1000
  let nearest = scaled.rounded()
  return Int64(abs(scaled - nearest) <= 1e-12 * nearest ? nearest : scaled.rounded(.up))
}

/// Values by the hash of their name; the last one asked for is at hand.
private struct NameLookup<Value> {
  private let hashes: [UInt64]
  private let values: [Value]
  private var last = 0

  init(_ names: [(name: String, value: Value)]) {
    hashes = names.map { $0.name.nameHash }
    values = names.map(\.value)
  }

  mutating func value(_ hash: UInt64) -> Value? {
    if hashes[last] == hash { return values[last] }
    guard let place = hashes.firstIndex(of: hash) else { return nil }
    last = place
    return values[place]
  }
}

extension WorkloadType {
  /// The mean duration of the generated `pylon` workload's types (domain.md); plain TRAINING, INFERENCE and BATCH are
  /// taken for their nearest kin.
  fileprivate var usualDuration: TimeSpan? {
    switch self {
    case .training, .trainingRun: .hours(8)
    case .inference, .inferenceBatch: .hours(1)
    case .batch, .dataProcessing: .hours(3)
    case .fineTuning: .hours(5)
    case .ragQuery: .minutes(20)
    case .other: nil
    }
  }
}
