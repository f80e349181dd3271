import Domain

/// Facts of an SWF beside its jobs.
struct SWFFindings {
  /// The header's `UnixStartTime`, in seconds.
  var unixStart: Int64?
  /// The header's `UnixStartTime` if it is no number of seconds.
  var strangeStart: String?
  /// True if a submission in milliseconds was reported.
  var sawMilliseconds = false
  /// The line with the names of the fields; 0 if there is none.
  var headerLine = 0
  /// Lines with more than the standard's 18 fields, and the most fields beyond them.
  var longLines = 0
  var extraFields = 0
  /// Jobs that have a preceding job (field 17).
  var preceded = 0
  /// Identities of jobs with lines of partial executions, and of those whose summary line is no job.
  var partial: Set<UInt64> = []
  var summarized: Set<UInt64> = []
  var sawRow = false
  /// The mark between fields if it is no blank; 0 for blanks.
  var separator: UInt8 = 0

  /// The mark that makes a line of the standard's fields, of those that are not its own; 0 without one.
  static func separator(of line: Bytes) -> UInt8 {
    [44, 59, 124].first { mark in line.count { $0 == mark } > 9 } ?? 0
  }
}

/// The numbers of a line of an SWF.
final class SWFValues: @unchecked Sendable {
  // Each parser has its own, and a parser is used by one thread at a time.
  static let count = 18
  let numbers = UnsafeMutablePointer<Double>.allocate(capacity: SWFValues.count)

  init() { numbers.initialize(repeating: -1, count: SWFValues.count) }

  deinit { numbers.deallocate() }

  /// A field by its number in the standard, from 1.
  @inline(__always)
  subscript(number: Int) -> Double { numbers[number - 1] }
}

/// Lines of the Standard Workload Format, version 2.2 (Feitelson et al., "swf.html" of the Parallel Workloads Archive).
extension JobRowParser {
  mutating func parseSWF(_ row: UnsafeMutableBufferPointer<UInt8>) -> RowOutcome {
    if swf.separator > 0, Bytes(row).trimmed.first != 59 {
      for at in row.indices where row[at] == swf.separator { row[at] = 32 }
    }
    fields.splitBlanks(row)
    // A spreadsheet ends with rows of separators alone: they are blank lines.
    guard fields.count > 0 else { return .nothing }
    // Logs that went through a spreadsheet have commas.
    if !swf.sawRow, swf.separator == 0, fields[0].first != 59 {
      swf.separator = SWFFindings.separator(of: Bytes(row))
      if swf.separator > 0 { return parseSWF(row) }
    }
    if fields[0].first == 59 {
      if swf.unixStart == nil { noteStart(Bytes(row)) }
      return .nothing
    }
    guard readSWFValues() else { return .nothing }
    let values = swfValues
    if fields.count > SWFValues.count { noteExtraFields() }
    id = fields[0]
    // Of the id as it is written: `swf-007` if the log says 007.
    let identity = id.stableHash(after: "swf-")
    // Field 11: a job that was swapped out has a line of status 0 or 1 and one of status 2, 3 or 4 per part.
    if values[11] >= 2, values[11] <= 4 {
      swf.partial.insert(identity)
      return .skipped(.partialExecution)
    }
    guard values[2] >= 0 else {
      report("field 2", fields[1].quoted, "a submit time of at least 0")
      return .nothing
    }
    let run = values[4]
    let processors = values[5] > 0 ? values[5] : values[8]
    guard run > 0, processors > 0 else {
      if values[11] < 2 { swf.summarized.insert(identity) }
      return .skipped(run > 0 ? .noProcessors : .noRunTime)
    }
    let kilobytes = values[10] > 0 ? values[10] : values[7]
    let gigabytes = processors * (kilobytes > 0 ? kilobytes / 1_048_576 : memoryPerCore)
    guard gigabytes <= JobRowParser.longest else {
      _ = memory(gigabytes)
      return .nothing
    }
    if values[17] > 0 { swf.preceded += 1 }
    job = JobRowParser.blank
    name = Bytes(start: nil, count: 0)
    user = fields[11]
    job.identity = identity
    job.submittedAt = Instant(milliseconds: 0) + span(values[2], of: 1000)
    job.estimatedDuration = lasting(values[9] > 0 ? values[9] : run, of: 1000)
    if values[9] <= 0 { withoutLimit += 1 }
    actual = lasting(run, of: 1000)
    job.demand = Resources(
      milliCores: thousandths(processors), milliGigabytes: thousandths(gigabytes),
      milliGPUs: 0)
    return .job
  }

  /// Reads the fields as numbers; false for a line of names and, after reporting it, for a faulty line.
  private mutating func readSWFValues() -> Bool {
    if !swf.sawRow {
      swf.sawRow = true
      if (0..<fields.count).allSatisfy({ fields[$0].number == nil }) {
        swf.headerLine = line
        refuseOtherOrder()
        return false
      }
    }
    guard fields.count >= SWFValues.count else {
      report("", "\(fields.count) fields", "the 18 of the Standard Workload Format")
      return false
    }
    if let submitted = fields[1].number, submitted > 1e11 {
      if !swf.sawMilliseconds || skipsBadRows {
        report(
          "field 2", fields[1].quoted,
          "a submit time in seconds (as seconds, this one is after the year 5000): "
            + "awk '!/^;/ {$2 = int($2 / 1000)} 1' LOG.swf > NEW.swf divides milliseconds")
      }
      swf.sawMilliseconds = true
      return false
    }
    for place in 0..<SWFValues.count {
      guard let value = fields[place].number, abs(value) <= JobRowParser.longest else {
        report("field \(place + 1)", fields[place].quoted, "a number")
        return false
      }
      swfValues.numbers[place] = value
    }
    return true
  }

  /// The names that a field of the standard has in lines of names, from field 1 on.
  private static let fieldNames = [
    ["jobid", "jobnumber", "jobnum"], ["submittime", "submissiontime", "submittedat", "submitts"],
    ["waittime", "queuetime"], ["runtime", "elapsedtime", "runningtime"],
    [
      "allocatedprocessors", "allocatedprocs", "numberofallocatedprocessors", "usedprocs", "usedprocessors", "numprocs",
      "allocprocs", "procsused", "numallocatedprocessors", "procalloc",
    ],
    ["averagecputimeused", "averagecputime", "avgcputime", "cputimeused", "usedcputime", "cpuused", "usedavecpu"],
    ["usedmemory", "memoryused", "memused", "usedmem"],
    [
      "requestedprocessors", "requestedprocs", "requestednumberofprocessors", "reqprocs", "requestednumprocs",
      "procsreq", "procreq",
    ],
    ["requestedtime", "reqtime", "userest", "walltime", "requestedwalltime", "timereq"],
    ["requestedmemory", "reqmem", "reqmemory", "requestedmem", "memreq"], ["jobstatus"], ["userid"], ["groupid"],
    ["executablenumber", "applicationnumber", "executableid", "executable", "exenumber", "appnumber", "executablenum"],
    ["queuenumber", "queueid", "queuenum"], ["partitionnumber", "partitionid", "partitionnum"],
    ["precedingjobnumber", "precedingjob", "precjob", "precjobnumber", "prevjob"],
    ["thinktime", "thinktimefromprecedingjob", "thinktimefromprecjob"],
  ]

  /// Refuses a line of names that has fields of the standard in other places. Names of several words stand for nothing.
  private mutating func refuseOtherOrder() {
    for place in 0..<fields.count {
      let key = squashed(fields[place].text)
      guard let field = JobRowParser.fieldNames.firstIndex(where: { $0.contains(key) }), field != place else {
        continue
      }
      // Whatever is done about bad rows: every row would be read wrongly.
      issues.add(
        InputIssue(
          file: path, line: line, key: "field \(place + 1)", found: "the name \(fields[place].text)",
          expected:
            "it as field \(field + 1), as in the Standard Workload Format, which has 18 fields in a fixed order; "
            + "if the columns differ, save the log as CSV and name them (format: csv, columns: …)"))
      return
    }
  }

  private mutating func noteExtraFields() {
    swf.longLines += 1
    swf.extraFields = max(swf.extraFields, fields.count - SWFValues.count)
  }

  /// `; UnixStartTime: 1027839845`, in any case and with text behind the number.
  private mutating func noteStart(_ comment: Bytes) {
    guard comment.count < 1000 else { return }
    let parts = comment.text.split(whereSeparator: { "; :=\t".contains($0) })
    guard parts.count >= 2, parts[0].lowercased() == "unixstarttime" else { return }
    swf.unixStart = Int64(parts[1]) ?? Double(parts[1]).flatMap { Int64(exactly: $0.rounded()) }
    // From 1979 on as milliseconds, after the year 11000 as seconds: what it is, a note says.
    if let start = swf.unixStart, 300_000_000_000...100_000_000_000_000 ~= start {
      swf.unixStart = start / 1000
      swf.strangeStart = "\(parts[1])"
    } else if swf.unixStart == nil {
      swf.strangeStart = parts.dropFirst().joined(separator: " ")
    }
  }
}
