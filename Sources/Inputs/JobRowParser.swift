import Domain

/// The result of parsing a row.
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
  /// A run time of 0 or less, or none.
  case noRunTime = "no run time"
  /// SWF: neither allocated nor requested processors.
  case noProcessors = "no processors"
  /// SWF: a part of a job that was swapped out, whose summary is a line of its own.
  case partialExecution = "partial executions"
  /// sacct: a step of a job, whose line is another one.
  case step = "job steps"
  /// sacct: a job that waits, or was cancelled before it began.
  case neverStarted = "never started"
  /// sacct: a job whose length is not known yet.
  case stillRunning = "still running"
  /// sacct: a job that ended at an instant that is not known.
  case unknownEnd = "they have ended, but their End is Unknown"
  /// sacct: a run that was broken off for a later one of the same job.
  case requeued = "requeued, as their next run counts"
  /// A row that cannot be used, under ``Domain/JobReading/BadRows/skip``.
  case badRow = "bad_rows: skip"

  /// `2 lines of partial executions were left out`.
  func note(_ count: Int) -> String {
    switch self {
    case .partialExecution, .step:
      "\(count) \(count == 1 ? "line" : "lines") of \(rawValue) \(count == 1 ? "was" : "were") left out"
    case .badRow:
      "\(count) \(count == 1 ? "row that is not a job was" : "rows that are not jobs were") left out (\(rawValue))"
    case .outsideSpan, .noRunTime, .noProcessors, .neverStarted, .stillRunning, .unknownEnd, .requeued:
      "\(counted(count, "job")) \(count == 1 ? "was" : "were") left out: \(rawValue)"
    }
  }
}

/// Turns one row into a job. It keeps the row's fields until the next one.
struct JobRowParser {
  let path: String
  private let sort: Sort
  private let idPrefix: StaticString
  /// Rules for cells that are not read as they stand; `nil` if there are none.
  let table: JobTable?
  /// Clocks of the time zone that times without an offset are in; `nil` for UTC.
  var localClock: LocalClock?
  /// True if a time without an offset was read.
  var sawLocalTime = false
  /// The first lines with a number that has a decimal point, and a comma, where both are looked for; 0 for none.
  var decimalPoint = 0
  var decimalComma = 0
  /// The first number with a point that may separate thousands, and whether another one has a point that cannot.
  var grouped: (line: Int, text: String)?
  var hasPlainDecimals = false
  /// Jobs whose GPU minutes are none of the GPUs and the duration that count.
  var unusedGPUMinutes = 0
  /// The first cell of each form of times that is not read, as messages show it.
  var strangeTimes: [String: String] = [:]
  /// The columns' names for messages.
  let labels: [String]
  /// True if faulty rows are counted by reason and left out.
  let skipsBadRows: Bool
  /// First fault of the current row, if faulty rows are left out.
  private var badReason: String?
  /// Faulty rows by their first fault.
  private(set) var badRows: [String: Int] = [:]
  /// Rows that have a fault of their own.
  private(set) var faultyRows = 0
  /// Matches the home zones of a CSV with the platform's columns; `nil` for other formats.
  private let zones: ZoneMatcher?
  /// When all jobs of a batch upload are submitted; `nil` for other files.
  private let uploadedAt: Instant?
  let fieldOf: [Int]
  private let fieldCount: Int
  var line = 0
  var issues = IssueList()
  /// Faults that were reported.
  private(set) var faults = 0
  private var faultyLine = 0
  let fields = CSVFields()
  /// Job of the last row, without sequence, user and texts.
  var job = JobRowParser.blank
  /// Actual duration of that job.
  var actual = TimeSpan.zero
  var id = Bytes(start: nil, count: 0)
  var name = Bytes(start: nil, count: 0)
  var user = Bytes(start: nil, count: 0)

  /// Which of the ways to read a row.
  private enum Sort {
    case csv
    case gaia(GAIAHeader)
    case sacct(SacctHeader)
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
  /// Facts that an SWF states beside its jobs.
  var swf = SWFFindings()
  let swfValues = SWFValues()
  /// Jobs that request neither cores nor GPUs.
  private(set) var withoutCores = 0
  private let leavesHomesOut: Bool
  /// Home zones that were left out, as no zones are known.
  private(set) var homesLeftOut = 0
  /// sacct, SWF: jobs without a limit of time, whose run time is their estimate.
  var withoutLimit = 0
  /// sacct: components of heterogeneous jobs, `123+0`.
  var components = 0
  /// Fields that have a time where ``JobColumn/submittedAt`` has none, by the number of rows.
  var timesElsewhere: [Int: Int] = [:]
  private let hasID: Bool
  private let hasSubmission: Bool
  private let hasDurations: Bool

  init(path: String, format: JobFormat, memoryPerCore: Double, reading: JobReading = JobReading()) {
    self.path = path
    self.memoryPerCore = memoryPerCore
    idPrefix = format.idPrefix
    skipsBadRows = reading.badRows == .skip
    leavesHomesOut = reading.leavesHomesOut
    var columns = JobHeader()
    switch format {
    case .csv(let header, let zones):
      (sort, self.zones, uploadedAt) = (.csv, zones, nil)
      columns = header
    case .platform(let header, let zones, let instant):
      (sort, self.zones, uploadedAt) = (.csv, zones, instant)
      columns = header
    case .gaia(let header): (sort, zones, uploadedAt) = (.gaia(header), nil, nil)
    case .sacct(let header): (sort, zones, uploadedAt) = (.sacct(header), nil, nil)
    case .swf: (sort, zones, uploadedAt) = (.swf, nil, nil)
    }
    fieldOf = columns.fieldOf
    fieldCount = columns.count
    table = columns.table
    labels = columns.labels
    localClock = reading.timeZone.flatMap { LocalClock(name: $0) }
    // A column that is missing was reported with the header.
    hasID = columns.isReadable(.jobID)
    hasSubmission = columns.isReadable(.submittedAt)
    hasDurations =
      columns.isReadable(.duration)
      || !columns.has(.duration) && columns.isReadable(.gpuMinutes) && columns.isReadable(.gpus)
    fields.separator = format.separator
  }

  mutating func parse(_ row: UnsafeMutableBufferPointer<UInt8>) -> RowOutcome {
    if Bytes(row).trimmed.isEmpty { return .nothing }
    self.row += 1
    if skipsBadRows { badReason = nil }
    let outcome =
      switch sort {
      case .csv: parseCSV(row)
      case .gaia(let header): parseGAIA(row, header)
      case .sacct(let header): parseSacct(row, header)
      case .swf: parseSWF(row)
      }
    guard let badReason else { return outcome }
    leaveOut(1, badReason)
    return .skipped(.badRow)
  }

  /// Counts rows that are left out for a reason. Of the reasons no more are kept than can be read.
  mutating func leaveOut(_ count: Int, _ reason: String) {
    if badRows.count < IssueList.limit || badRows[reason] != nil { badRows[reason, default: 0] += count }
  }

  /// - Parameter ofColumn: whether the column, and not the row, is at fault.
  mutating func report(
    _ key: String, _ found: String, _ expected: String, suggestion: String? = nil, ofColumn: Bool = false
  ) {
    faults += 1
    guard skipsBadRows else {
      if !ofColumn, faultyLine != line {
        faultyRows += 1
        faultyLine = line
      }
      issues.add(
        InputIssue(file: path, line: line, key: key, found: found, expected: expected, suggestion: suggestion))
      return
    }
    guard badReason == nil else { return }
    if key.isEmpty {
      badReason = "found \(found)"
    } else {
      badReason = found == "nothing" ? "\(key) is empty" : "\(key) should be \(expected)"
    }
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
    let known = faults
    job = JobRowParser.blank
    if let uploadedAt {
      nameByRow()
      job.submittedAt = uploadedAt
    } else {
      id = field(.jobID)
      if id.isEmpty, hasID { report(label(.jobID), "nothing", "an id") }
      job.identity = id.stableHash
      job.submittedAt = instant(.submittedAt, required: hasSubmission)
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
      report(label(.deadline), field(.deadline).quoted, "a time at or after submitted_at")
    }
    readNames()
    if uploadedAt != nil { readUploadedDuration() }
    if faults == known, job.demand.milliCores == 0, job.demand.milliGPUs == 0 { withoutCores += 1 }
    guard !id.isEmpty else { return .nothing }
    return faults == known ? .job : .faulty
  }

  private func label(_ column: JobColumn) -> String { labels[column.place] }

  private mutating func readNames() {
    let urgency = field(.urgency)
    if !urgency.isEmpty {
      if let known = urgencyNames.value(urgency.nameHash) {
        job.urgency = known
      } else {
        report(label(.urgency), urgency.quoted, list(Urgency.allCases.map(\.name)))
      }
    }
    let type = field(.workloadType)
    if !type.isEmpty {
      if let known = typeNames.value(type.nameHash) {
        job.type = known
      } else {
        report(label(.workloadType), type.quoted, list(WorkloadType.allCases.map(\.name)))
      }
    }
    let home = field(.homeZone)
    if !home.isEmpty {
      if let zone = zones?.place(of: home) {
        job.homeZone = zone
      } else if zones?.isEmpty ?? true, leavesHomesOut {
        homesLeftOut += 1
      } else if zones?.isEmpty ?? true {
        report(
          label(.homeZone), "home zones, but no scenario that has these zones",
          "--zones SCENARIO.yaml, or --ignore \(label(.homeZone)) to leave them out")
      } else {
        report(
          label(.homeZone), home.quoted, "a zone's id, code, name or alias",
          suggestion: zones?.nearestName(to: home.text))
      }
    }
  }

  private mutating func readDemand() {
    let cores = number(.cores) ?? 1
    job.demand = Resources(
      milliCores: thousandths(cores), milliGigabytes: thousandths(memory(number(.memory) ?? cores * memoryPerCore)),
      milliGPUs: thousandths(number(.gpus) ?? 0))
  }

  /// GB in total, which a product may make more of than there can be.
  mutating func memory(_ gigabytes: Double) -> Double {
    if gigabytes <= JobRowParser.longest { return gigabytes }
    report("memory", "\(gigabytes) GB in total", "at most 1e12 GB")
    return 0
  }

  private mutating func readDurations() {
    let given = field(.duration)
    let minutes = number(.gpuMinutes)
    if !given.isEmpty {
      guard let seconds = number(.duration) else { return }
      job.estimatedDuration = span(seconds, of: 1000)
      if job.estimatedDuration <= .zero { report(label(.duration), given.quoted, "a number > 0") }
    } else if let minutes, minutes > 0, job.demand.milliGPUs > 0 {
      job.estimatedDuration = span(minutes / job.demand.gpus, of: 60_000)
      if job.estimatedDuration <= .zero { report(label(.gpuMinutes), "\(minutes)", "at least a millisecond per GPU") }
    } else {
      report(label(.duration), "nothing", "a number > 0 (or required_gpu_mins with required_gpus)")
    }
    if !given.isEmpty, let minutes, minutes > 0 { compareGPUMinutes(minutes) }
    actual = job.estimatedDuration
    let real = field(.actualDuration)
    guard !real.isEmpty, let seconds = number(.actualDuration) else { return }
    actual = span(seconds, of: 1000)
    if actual <= .zero { report(label(.actualDuration), real.quoted, "a number > 0") }
  }

  /// Counts GPU minutes that are not the GPUs times the duration, which alone count.
  private mutating func compareGPUMinutes(_ minutes: Double) {
    let own = job.demand.gpus * job.estimatedDuration.inSeconds / 60
    if abs(own - minutes) > 0.01 * max(own, minutes) { unusedGPUMinutes += 1 }
  }

  mutating func nameByRow() {
    id = digits.write(row)
    job.identity = id.stableHash(after: idPrefix)
  }

  /// The upload knows neither GPUs nor durations (domain.md: `required_gpu_mins` = GPUs × estimated minutes).
  private mutating func readUploadedDuration() {
    let minutes = number(.gpuMinutes) ?? 0
    if minutes > 0 {
      if job.demand.milliGPUs == 0 { job.demand.milliGPUs = 1000 }
      job.estimatedDuration = span(minutes / job.demand.gpus, of: 60_000)
      if job.estimatedDuration <= .zero { report(label(.gpuMinutes), "\(minutes)", "at least a millisecond per GPU") }
    } else if let usual = job.type.usualDuration {
      job.estimatedDuration = usual
      assumedDurations += 1
    } else {
      report(label(.gpuMinutes), field(.gpuMinutes).quoted, "a number > 0, as the type has no usual duration")
    }
    actual = job.estimatedDuration
  }

  private func field(_ column: JobColumn) -> Bytes {
    let place = fieldOf[column.place]
    if place >= 0 { return fields[place] }
    return table == nil ? Bytes(start: nil, count: 0) : ruledText(column)
  }

  /// `nil` for an absent cell and, after reporting it, for a faulty one.
  private mutating func number(_ column: JobColumn) -> Double? {
    let place = fieldOf[column.place]
    if place < 0 { return table == nil ? nil : ruledNumber(column) }
    let cell = fields[place]
    if cell.isEmpty { return nil }
    guard let value = cell.number, value >= 0, value <= JobRowParser.longest else {
      report(label(column), cell.quoted, "a number from 0 to 1e12")
      return nil
    }
    return value
  }

  /// `.never` for an absent instant and, after reporting it, for a faulty one.
  private mutating func instant(_ column: JobColumn, required: Bool) -> Instant {
    let place = fieldOf[column.place]
    if place < 0, table != nil { return ruledInstant(column, required: required) }
    let cell = place < 0 ? Bytes(start: nil, count: 0) : fields[place]
    if cell.isEmpty, !required { return .never }
    if let value = Instant(utf8: cell) { return value }
    if StampText.dotted(cell) != nil, let value = written(cell, notBefore: nil) { return value }
    reportTime(column, cell)
    return .never
  }
}

/// How long a job lasts: what is above 0 is not nothing.
func lasting(_ count: Double, of unit: Double) -> TimeSpan {
  max(span(count, of: unit), TimeSpan(milliseconds: 1))
}

/// A number of units as milliseconds, rounded.
func span(_ count: Double, of unit: Double) -> TimeSpan {
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
