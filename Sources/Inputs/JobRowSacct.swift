import Domain

/// The columns of Slurm's `sacct --parsable2`.
struct SacctHeader: Sendable {
  enum Column: String, CaseIterable {
    case jobID = "jobid"
    case rawID = "jobidraw"
    case submit, start, end, elapsed
    case rawElapsed = "elapsedraw"
    case limit = "timelimit"
    case rawLimit = "timelimitraw"
    case allocatedCPUs = "alloccpus"
    case cpus = "ncpus"
    case requestedCPUs = "reqcpus"
    case allocatedTRES = "alloctres"
    case requestedTRES = "reqtres"
    case allocatedGRES = "allocgres"
    case requestedGRES = "reqgres"
    case memory = "reqmem"
    case nodes = "nnodes"
    case allocatedNodes = "allocnodes"
    case requestedNodes = "reqnodes"
    case state, user, account
    case name = "jobname"
    case energy = "consumedenergyraw"
  }

  /// The command that gives what is read.
  static let command =
    "sacct -P -a -o JobIDRaw,JobName,User,Submit,Start,End,ElapsedRaw,TimelimitRaw,AllocCPUS,ReqCPUS,AllocTRES,ReqTRES,"
    + "ReqMem,NNodes,State,ConsumedEnergyRaw"

  /// States of jobs that wait, and of those that go on.
  static let waiting = ["PENDING", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT"]
  static let going = [
    "RUNNING", "SUSPENDED", "RESIZING", "SIGNALING", "STAGE_OUT", "STOPPED", "CONFIGURING", "COMPLETING",
  ]

  private let fieldOf: [Int]
  /// Fields of a row; sacct's `--parsable` ends each line with a separator.
  let count: Int
  let separator: UInt8
  let unread: [String]

  /// True if a header is that of sacct.
  static func recognises(_ keys: [String], separator: UInt8) -> Bool {
    guard keys.contains("jobid") || keys.contains("jobidraw") else { return false }
    return separator == 124 || (keys.contains("submit") && (keys.contains("elapsed") || keys.contains("elapsedraw")))
  }

  /// True if a line is the header of sacct's output in fixed-width columns.
  static func isFixedWidth(_ line: Bytes) -> Bool {
    let words = line.text.lowercased().split { $0 == " " || $0 == "\t" }
    guard words.count > 2, words[0] == "jobid" || words[0] == "jobidraw" else { return false }
    return !line.contains { [44, 59, 124].contains($0) }
  }

  init(_ header: JobHeaderLine, reading: JobReading, issues: inout IssueList) {
    count = header.names.count
    separator = header.dialect.separator
    let places = Column.allCases.map { column in
      header.keys.firstIndex(of: column.rawValue).flatMap { header.isIgnored($0, reading) ? nil : $0 } ?? -1
    }
    fieldOf = places
    let used = Set(places)
    unread =
      reading.ignoresOthers
      ? []
      : header.names.indices.filter {
        !used.contains($0) && !header.isIgnored($0, reading) && !header.names[$0].isEmpty
      }.map { header.names[$0] }
    var missing: [String] = []
    if !has(.submit) { missing.append("Submit") }
    let hasLength = has(.elapsed) || has(.rawElapsed) || (has(.start) && has(.end))
    if !hasLength { missing.append("ElapsedRaw (or Start and End)") }
    if !has(.allocatedCPUs), !has(.cpus), !has(.requestedCPUs), !has(.allocatedTRES), !has(.requestedTRES) {
      missing.append("AllocCPUS")
    }
    if !has(.state) { missing.append("State") }
    if !missing.isEmpty {
      header.refuse(missing.joined(separator: ", "), "no such column", "all columns of \(SacctHeader.command)", &issues)
    }
  }

  func has(_ column: Column) -> Bool { place(column) >= 0 }

  func place(_ column: Column) -> Int {
    guard let index = Column.allCases.firstIndex(of: column) else { return -1 }
    return fieldOf[index]
  }
}

/// Lines of sacct: one per job, and one per step of it, which are left out.
extension JobRowParser {
  mutating func parseSacct(_ row: UnsafeMutableBufferPointer<UInt8>, _ header: SacctHeader) -> RowOutcome {
    fields.splitPlain(row)
    guard fields.count == header.count else {
      report("", "\(fields.count) fields", "\(header.count), as in the header")
      return .nothing
    }
    id = cell(.rawID, header)
    if id.isEmpty { id = cell(.jobID, header) }
    guard !id.isEmpty else {
      report("JobID", "nothing", "an id")
      return .nothing
    }
    if id.contains(46) { return .skipped(.step) }
    job = JobRowParser.blank
    job.identity = id.stableHash
    let state = cell(.state, header).text.uppercased()
    let start = cell(.start, header)
    if state == "REQUEUED" { return .skipped(.requeued) }
    if SacctHeader.waiting.contains(state) || (header.has(.start) && start.isUnknown) { return .skipped(.neverStarted) }
    if SacctHeader.going.contains(state) { return .skipped(.stillRunning) }
    if header.has(.end), cell(.end, header).isUnknown { return .skipped(.unknownEnd) }
    let known = faults
    guard let submitted = written(cell(.submit, header), notBefore: nil) else {
      let zone = localClock.map { " that exists in \($0.name)" } ?? ""
      report("Submit", cell(.submit, header).quoted, "an ISO 8601 time\(zone) or epoch seconds")
      return .faulty
    }
    job.submittedAt = submitted
    guard let seconds = sacctElapsed(header) else { return .faulty }
    guard seconds > 0 else { return .skipped(.noRunTime) }
    actual = lasting(seconds, of: 1000)
    job.estimatedDuration = sacctLimit(header).map { lasting($0, of: 1000) } ?? actual
    guard let cores = sacctCores(header), cores > 0 else { return .skipped(.noProcessors) }
    readSacctDemand(header, cores)
    readSacctEnergy(header, seconds)
    name = cell(.name, header)
    user = cell(.user, header)
    if user.isEmpty { user = cell(.account, header) }
    if faults == known, id.contains(43) || cell(.jobID, header).contains(43) { components += 1 }
    return faults == known ? .job : .faulty
  }

  private func cell(_ column: SacctHeader.Column, _ header: SacctHeader) -> Bytes {
    let place = header.place(column)
    return place < 0 ? Bytes(start: nil, count: 0) : fields[place]
  }

  /// Seconds that the job ran; `nil`, after reporting it, if nothing says.
  private mutating func sacctElapsed(_ header: SacctHeader) -> Double? {
    let raw = cell(.rawElapsed, header)
    let text = cell(.elapsed, header)
    if let seconds = raw.number ?? text.clockLength, seconds >= 0, seconds <= JobRowParser.longest { return seconds }
    if raw.isEmpty, text.isEmpty {
      let start = written(cell(.start, header), notBefore: nil)
      if let start, let end = written(cell(.end, header), notBefore: start), end >= start {
        return (end - start).inSeconds
      }
    }
    report("Elapsed", (raw.isEmpty ? text : raw).quoted, "seconds or [days-]hours:minutes:seconds")
    return nil
  }

  /// Seconds that the job may run; `nil` if it has no limit.
  private mutating func sacctLimit(_ header: SacctHeader) -> Double? {
    let raw = cell(.rawLimit, header)
    let text = cell(.limit, header)
    if let minutes = raw.number, minutes > 0, minutes * 60 <= JobRowParser.longest { return minutes * 60 }
    if let seconds = text.slurmLength, seconds > 0, seconds <= JobRowParser.longest { return seconds }
    for limit in [raw, text] where !limit.isEmpty && limit.number == nil && limit.slurmLength == nil {
      let word = limit.text.uppercased()
      guard !["UNLIMITED", "PARTITION_LIMIT", "INVALID", "UNKNOWN", "NONE"].contains(word) else { continue }
      report("Timelimit", limit.quoted, "[days-]hours:minutes:seconds, minutes, UNLIMITED or Partition_Limit")
      return nil
    }
    withoutLimit += 1
    return nil
  }

  private func sacctCores(_ header: SacctHeader) -> Double? {
    for column in [SacctHeader.Column.allocatedCPUs, .cpus] {
      if let count = cell(column, header).number, count > 0 { return count }
    }
    if let count = cell(.allocatedTRES, header).tres("cpu")?.number, count > 0 { return count }
    if let count = cell(.requestedCPUs, header).number, count > 0 { return count }
    return cell(.requestedTRES, header).tres("cpu")?.number
  }

  private mutating func readSacctDemand(_ header: SacctHeader, _ cores: Double) {
    guard cores <= JobRowParser.longest else {
      report("AllocCPUS", "\(cores)", "a number from 0 to 1e12")
      return
    }
    let tres = [cell(.allocatedTRES, header), cell(.requestedTRES, header)]
    let gres = [cell(.allocatedGRES, header), cell(.requestedGRES, header)]
    let gpus = (tres.map(\.gpusOfTRES) + gres.map(\.gpusOfGRES)).first { $0 > 0 } ?? 0
    var gigabytes = tres.lazy.compactMap { $0.tres("mem")?.slurmGigabytes }.first
    let asked = cell(.memory, header)
    if gigabytes == nil, !asked.isEmpty {
      gigabytes = sacctMemory(asked, header, cores)
      if gigabytes == nil { report("ReqMem", asked.quoted, "a size such as 32G, 2Gc (per core) or 4Gn (per node)") }
    }
    job.demand = Resources(
      milliCores: thousandths(cores), milliGigabytes: thousandths(memory(gigabytes ?? cores * memoryPerCore)),
      milliGPUs: thousandths(min(gpus, JobRowParser.longest)))
  }

  /// GB in all of `32G`, `2Gc` (per core) or `4Gn` (per node).
  private func sacctMemory(_ text: Bytes, _ header: SacctHeader, _ cores: Double) -> Double? {
    guard let last = text.last else { return nil }
    let isPerCore = last == 99
    let isPerNode = last == 110
    let size = isPerCore || isPerNode ? Bytes(rebasing: text.dropLast()) : text
    guard let gigabytes = size.slurmGigabytes else { return nil }
    if isPerCore { return gigabytes * cores }
    guard isPerNode else { return gigabytes }
    let counts = [SacctHeader.Column.allocatedNodes, .nodes, .requestedNodes].map { cell($0, header).number }
    let told = counts + [cell(.allocatedTRES, header), cell(.requestedTRES, header)].map { $0.tres("node")?.number }
    return gigabytes * (told.lazy.compactMap(\.self).first { $0 > 0 } ?? 1)
  }

  /// The energy that was measured has the power that it was drawn at for the estimate: power is energy over estimate.
  private mutating func readSacctEnergy(_ header: SacctHeader, _ seconds: Double) {
    // Sites that do not measure write 0, nothing, or the largest integers.
    guard let joules = cell(.energy, header).number, joules > 0, joules < 1e15 else { return }
    job.estimatedEnergy = Energy(joules / 3_600_000 * job.estimatedDuration.inSeconds / seconds)
  }
}

extension Bytes {
  /// True if sacct has no value: `Unknown`, `None` or nothing.
  fileprivate var isUnknown: Bool { count <= 7 && ["", "UNKNOWN", "NONE", "N/A"].contains(text.uppercased()) }

  /// The value of a resource in `billing=8,cpu=8,gres/gpu=2,mem=32G,node=1`.
  fileprivate func tres(_ name: String) -> Bytes? {
    for part in split(separator: 44) {
      guard let equals = part.firstIndex(of: 61), part[..<equals].elementsEqual(name.utf8) else { continue }
      return Bytes(rebasing: part[(equals + 1)...])
    }
    return nil
  }

  /// GPUs in a list of resources: of all types, or the sum of those of each.
  fileprivate var gpusOfTRES: Double {
    if let all = tres("gres/gpu")?.number { return all }
    var sum = 0.0
    for part in split(separator: 44) where part.starts(with: "gres/gpu:".utf8) {
      guard let equals = part.firstIndex(of: 61) else { continue }
      sum += Bytes(rebasing: part[(equals + 1)...]).number ?? 0
    }
    return sum
  }

  /// GPUs in `gpu:2` or `gpu:a100:2,shard:1`.
  fileprivate var gpusOfGRES: Double {
    var sum = 0.0
    for part in split(separator: 44) where part.starts(with: "gpu:".utf8) {
      let words = Bytes(rebasing: part).split(separator: 58)
      sum += words.last.flatMap { Bytes(rebasing: $0).number } ?? 1
    }
    return sum
  }

  /// GB of `32G`, `4000M`, `1T` or MB without a suffix; powers of 1024.
  fileprivate var slurmGigabytes: Double? {
    guard let last else { return nil }
    let factors: [UInt8: Double] = [75: 0x1p-20, 77: 0x1p-10, 71: 1, 84: 1024, 80: 1_048_576]
    let factor = factors[last & 0xdf]
    let digits = factor == nil ? self : Bytes(rebasing: dropLast())
    guard let value = digits.number, value >= 0 else { return nil }
    return value * (factor ?? 0x1p-10)
  }
}
