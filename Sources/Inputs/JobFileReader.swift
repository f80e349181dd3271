public import Domain
import Foundation
internal import TextIO

/// A job log that has been checked from end to end.
///
/// It keeps no rows: a cursor reads them again from the file, in sequence where the file is sorted by time, else
/// through an index of 24 bytes a job.
public struct JobFile: Sendable {
  public let path: String
  /// Jobs that a cursor gives.
  public let count: Int
  /// Rows left out, by reason.
  public let skipped: [SkipReason: Int]
  /// True if the rows are in order of submission.
  public let isSorted: Bool
  /// The users in order of first appearance; ``Domain/Job/user`` is a place in it.
  public let users: [String]
  /// Jobs of a batch upload without GPU minutes, which got the usual duration of their type.
  public let assumedDurations: Int
  /// From the first to the last submission as recorded, whether inside the span or not; `nil` without jobs.
  public let recorded: ClosedRange<Instant>?
  /// From the first to the last submission where the clock puts them, whether inside the span or not.
  public let submissions: ClosedRange<Instant>?
  /// Decisions of the reader that its user should know, and what was left out.
  public let notes: [String]
  /// Note on submissions that keep their instants but are probably counted from the log's start; `nil` if there is
  /// none.
  public let smallNumbers: String?

  /// Said if no row says how long its job may wait; for policies that let jobs wait.
  public var windowNote: String? {
    guard count > 0, !format.hasWindows else { return nil }
    let name = path.lastPathName
    let lack =
      format.hasDeadlines
      ? "\(name) has deadlines but no deferral window: each job may wait 2 h, or less if its deadline is near"
      : "\(name) has no deadline and no deferral window: each job may wait 2 h"
    return lack
      + (format.isTable
        ? "; the column deferral_window_mins says otherwise"
        : "; policies with the parameter wait may have other windows (wait: {short: 12h, long: 24h}), and for all of them "
          + "pylon workload import writes a CSV with the column deferral_window_mins")
  }

  let span: Range<Int64>
  let format: JobFormat
  let userPlaces: [UInt64: Int32]
  let index: [JobEntry]
  let clock: JobClock
  let memoryPerCore: Double
  /// Contents of a compressed file, decompressed once for all cursors; `nil` for a plain file, which each cursor opens
  /// anew.
  let decompressed: TextFile?

  func open() throws(InputError) -> TextFile {
    if let decompressed { return decompressed }
    return try openText(path)
  }
  let reading: JobReading

  var idPrefix: StaticString { format.idPrefix }

  /// A new reading from the first job on. Each has its own file descriptor and texts.
  ///
  /// - Parameter keepsTexts: whether the jobs' texts will be asked for.
  /// - Parameter window: the jobs that are given; `nil`: all.
  public func makeCursor(keepsTexts: Bool = true, window: JobWindow? = nil) throws -> JobCursor {
    try JobCursor(self, keepsTexts: keepsTexts, window: window)
  }
}

/// Checks job files.
public enum JobFileReader {
  /// Reads a whole file once; throws ``InputError`` with its faults (the first hundred).
  ///
  /// - Parameters:
  ///   - format: By default told by the name's ending (`.swf`) and the header.
  ///   - timeUnit: Of a GAIA file's times; needed there.
  ///   - start: Where the simulated span begins.
  ///   - end: Where it ends; jobs submitted outside are skipped and counted.
  ///   - timing: By default CSV keeps its times and second 0 of SWF and GAIA is the start.
  ///   - memoryPerCore: GB of a job whose row tells no memory.
  ///   - keepsAll: Whether jobs outside the span are kept.
  ///   - reading: Names of columns and forms of cells that are not Pylon's own.
  ///   - capacities: Of the zones, to note jobs that fit in none; empty if nobody asks.
  ///   - keepsIndex: Whether cursors may ask for the jobs of a window, which takes 24 bytes a job.
  ///   - windows: The spans whose jobs run, where all are kept: notes count these jobs. If empty, all jobs.
  public static func read(
    path: String, format told: JobFileFormat = .auto, timeUnit: JobTimeUnit? = nil, zones: [Zone], start: Instant,
    end: Instant, timing: JobTiming = JobTiming(), memoryPerCore: Double = 0, keepsAll: Bool = false,
    keepsIndex: Bool = false, capacities: [Resources] = [],
    reading: JobReading = JobReading(), windows: [Range<Instant>] = []
  ) throws -> JobFile {
    let isSWF = told == .swf || (told == .auto && TextFile.plainName(path).hasSuffix(".swf"))
    if !isSWF, try TraceReader.beginsLikeJSON(path) { throw jsonRefusal(path) }
    var reader = try CSVLineReader(path: path, quotes: !isSWF)
    var issues = IssueList()
    let format =
      isSWF
      ? JobFormat.swf
      : try JobFormat(
        header: reader, told: told, unit: timeUnit, zones: zones, start: start, reading: reading, issues: &issues)
    refuseMeaningless(reading, timing, timeUnit, of: format, path: path, &issues)
    if format.numbersRows, timing.start == .recorded {
      throw InputError(issues: [
        InputIssue(file: path, line: 0, found: "start: recorded", expected: "start: clock, as the file has no instants")
      ])
    }
    // The header says how rows are read; it is looked at once more where a quote or the first line is a row's.
    if !isSWF, !format.hasQuotes || format.headerLines == 0 {
      reader = try CSVLineReader(path: path, quotes: format.hasQuotes)
      for _ in 0..<format.headerLines { _ = try reader.next() }
    }
    let clock = start.milliseconds..<max(start.milliseconds, end.milliseconds)
    var pass = JobPass(
      path: path, format: format, clock: clock, keepsAll: keepsAll, timing: timing, memoryPerCore: memoryPerCore,
      reading: reading)
    pass.parser.issues = issues
    pass.file = reader.file
    pass.keepsIndex = keepsIndex
    pass.oversized.capacities = capacities
    pass.windows = windows.map { $0.lowerBound.milliseconds..<$0.upperBound.milliseconds }
    pass.readRows(reader)
    return try pass.finish()
  }

  private static func jsonRefusal(_ path: String) -> InputError {
    InputError(issues: [
      InputIssue(
        file: path, line: 0, found: "JSON",
        expected:
          "a table of jobs: CSV of job_id, submitted_at, duration_s, … (other names by columns:), sacct -P, "
          + "SWF, GAIA's arrival_time,length,cpus or a batch upload; python3 -c \"import pandas as p; "
          + "p.read_json('FILE').to_csv('OUT.csv', index=False)\" converts a list of objects")
    ])
  }
}

/// The first pass over a job file.
struct JobPass {
  let path: String
  var file: TextFile?
  let format: JobFormat
  /// The simulated span, empty if there is none.
  let clock: Range<Int64>
  let keepsAll: Bool
  let reading: JobReading
  var parser: JobRowParser
  var entries: [JobEntry] = []
  var skipped: [SkipReason: Int] = [:]
  var users: [String] = []
  var userPlaces: [UInt64: Int32] = [:]
  var lastUser: UInt64 = 0
  var sorted = true
  var keepsIndex = false
  var latest = Int64.min
  let timing: JobTiming
  var notes: [String] = []
  /// The first line with a submission that is no whole second; 0 for none.
  var fractionLine = 0
  /// Jobs that no zone can hold.
  var oversized = OversizedJobs()
  var shortDeadlines = ShortDeadlines()
  /// The spans whose jobs run, where all are kept; empty for all jobs.
  var windows: [Range<Int64>] = []
  /// Sum of the jobs' durations, s.
  var runTime = 0.0
  /// Rows with the id of an earlier one.
  var repeatedRows = 0

  init(
    path: String, format: JobFormat, clock: Range<Int64>, keepsAll: Bool, timing: JobTiming, memoryPerCore: Double,
    reading: JobReading
  ) {
    (self.path, self.format, self.clock, self.keepsAll) = (path, format, clock, keepsAll)
    (self.timing, self.reading) = (timing, reading)
    parser = JobRowParser(path: path, format: format, memoryPerCore: memoryPerCore, reading: reading)
  }

  mutating func readRows(_ reader: CSVLineReader) {
    let bytes = reader.file.size
    var last = Int64.min
    while let row = parser.issues.nextLine(reader) {
      parser.line = reader.lineNumber
      switch parser.parse(row) {
      case .nothing: break
      case .faulty:
        // Its id is taken all the same; when it was submitted nobody asks.
        if !format.numbersRows {
          entries.append(JobEntry(time: .max, offset: reader.lineOffset, hash: parser.job.identity))
        }
      case .skipped(let reason): skipped[reason, default: 0] += 1
      case .job:
        let time = parser.job.submittedAt.milliseconds
        if fractionLine == 0, time % 1000 != 0 { fractionLine = reader.lineNumber }
        if time < last { sorted = false }
        last = time
        let hash = format.numbersRows ? UInt64(parser.row) : parser.job.identity
        entries.append(JobEntry(time: time, offset: reader.lineOffset, hash: hash))
        latest = max(latest, time)
        oversized.check(parser, format)
        shortDeadlines.check(parser.job, parser.actual)
        runTime += parser.actual.inSeconds
        noteUser()
        if entries.count == 4096 {
          let guess = Double(bytes) / Double(max(1, reader.lineOffset)) * 4096 * 1.02
          entries.reserveCapacity(Int(guess) + 4096)
        }
      }
    }
  }

  private mutating func noteUser() {
    let hash = parser.user.stableHash
    // Jobs of one user often stand together.
    if hash == lastUser, !users.isEmpty { return }
    lastUser = hash
    guard userPlaces[hash] == nil else { return }
    userPlaces[hash] = Int32(users.count)
    users.append(format.isSWF ? "user-" + parser.user.text : parser.user.text)
  }

  mutating func finish() throws -> JobFile {
    let earliest = entries.reduce(Int64.max) { min($0, $1.time) }
    if !format.numbersRows { settleDuplicates() }
    refuseStrangeTimes(earliest)
    let placing = placing(earliest: earliest)
    refuseMixedDecimals()
    refuseAmbiguousPoints()
    parser.issues.sortByLine()
    try throwFaults()
    let missing = partsWithoutSummary()
    let all = entries.count
    if !placing.isIdentity {
      for at in entries.indices { entries[at].time = placing.instant(entries[at].time) }
    }
    let span = keepsAll ? -(Int64.max / 4)..<Int64.max / 4 : clock
    entries.removeAll { !span.contains($0.time) }
    let count = entries.count
    if all > count { skipped[.outsideSpan] = all - count }
    if keepsIndex { sorted = false }
    if sorted { entries = [] } else { sortInPlace(&entries, by: ByTime.self) }
    noteFindings(missing, count: count)
    noteEstimates(of: all)
    noteShortRuns(of: all)
    let spans = keepsAll && !windows.isEmpty ? windows : [span]
    let place = spans.count > 1 ? " in the \(spans.count) windows" : ""
    notes += oversized.note(placing, spans, place).map { [$0] } ?? []
    if !shortDeadlines.isEmpty {
      let counted =
        sorted || windows.isEmpty ? count : entries.count { job in spans.contains { $0.contains(job.time) } }
      notes += shortDeadlines.note(placing, spans, of: counted, place).map { [$0] } ?? []
    }
    func range(_ clock: JobClock) -> ClosedRange<Instant>? {
      guard all > 0 else { return nil }
      return Instant(milliseconds: clock.instant(earliest))...Instant(milliseconds: clock.instant(latest))
    }
    return JobFile(
      path: path, count: count, skipped: skipped, isSorted: sorted, users: users,
      assumedDurations: parser.assumedDurations, recorded: range(JobClock()), submissions: range(placing), notes: notes,
      smallNumbers: smallNumbers(earliest),
      span: span, format: format, userPlaces: userPlaces, index: entries, clock: placing,
      memoryPerCore: parser.memoryPerCore, decompressed: file?.isDecompressed == true ? file : nil, reading: reading)
  }

  /// A CSV counts from its earliest submission; an SWF from second 0, which `UnixStartTime` sets on the calendar; GAIA
  /// from second 0. A batch upload is submitted at the start.
  private mutating func placing(earliest: Int64) -> JobClock {
    if case .platform = format { return JobClock() }
    let first = JobClock(first: earliest, origin: clock.lowerBound, scale: timing.scale)
    explainCalendar(earliest)
    switch timing.start ?? usualStart(earliest) {
    case .first: return first
    case .clock:
      guard format.countsFromZero, !entries.isEmpty else { return first }
      let usual = JobClock(first: 0, origin: clock.lowerBound, scale: timing.scale)
      let isLost = !clock.isEmpty && !entries.contains { clock.contains(usual.instant($0.time)) }
      guard isLost || countsUnixTime(earliest) else { return usual }
      let start = Instant(milliseconds: clock.lowerBound).readable
      notes.append(
        "the log's first submission (second \(earliest / 1000)) was put at \(start) (start: first), as with second 0 "
          + (isLost ? "there no job would lie within the clock" : "the log would count from 1970"))
      return first
    case .recorded:
      guard format.isSWF else { return JobClock(first: earliest, origin: earliest, scale: timing.scale) }
      if countsUnixTime(earliest) {
        notes.append("submissions were read as Unix times, as the log counts from 1970")
        return JobClock(first: earliest, origin: earliest, scale: timing.scale)
      }
      let calendar = Instant.calendar
      guard let began = parser.swf.unixStart,
        (calendar.lowerBound.milliseconds / 1000...calendar.upperBound.milliseconds / 1000).contains(began)
      else {
        parser.issues.add(
          InputIssue(
            file: path, line: 0,
            found: (parser.swf.unixStart.map(String.init) ?? parser.swf.strangeStart).map { "UnixStartTime: \($0)" }
              ?? "no header UnixStartTime",
            expected: "one of the years 0 to 9999, as the scenario specifies start: recorded (or start: clock)"))
        return JobClock()
      }
      return JobClock(first: 0, origin: began * 1000, scale: timing.scale)
    }
  }

  private func usualStart(_ earliest: Int64) -> JobStart {
    guard format.movesToClock else { return .recorded }
    guard timing.keepsCalendar, format.isSWF, !entries.isEmpty else { return .clock }
    let began = parser.swf.unixStart ?? 0
    return countsUnixTime(earliest) || (1...253_402_300_799).contains(began) ? .recorded : .clock
  }

  /// Says what becomes of a log that is to keep its calendar and does not say, or not in seconds, when it began.
  private mutating func explainCalendar(_ earliest: Int64) {
    let swf = parser.swf
    if let text = swf.strangeStart, swf.unixStart != nil {
      notes.append("UnixStartTime \(text.printable()) was read as milliseconds")
    }
    guard format.isSWF, timing.start == nil, timing.keepsCalendar, !entries.isEmpty, !countsUnixTime(earliest),
      swf.unixStart ?? 0 <= 0
    else { return }
    if swf.unixStart == nil, let text = swf.strangeStart {
      parser.issues.add(
        InputIssue(
          file: path, line: 0, key: "UnixStartTime", found: "\"\(text.printable())\"",
          expected: "seconds since 1970, or --start with the instant of the log's second 0"))
    } else {
      let start = Instant(milliseconds: clock.lowerBound).readable
      notes.append("no UnixStartTime: the log's second 0 is put at \(start) (--start sets it)")
    }
  }

  /// True if an SWF's submissions are Unix times: counted from the log's own beginning they would be 30 years late.
  private func countsUnixTime(_ earliest: Int64) -> Bool {
    let thirtyYears: Int64 = 946_684_800_000
    guard format.isSWF, !entries.isEmpty, earliest >= thirtyYears else { return false }
    return earliest / 1000 >= parser.swf.unixStart ?? 0
  }

  /// Reports repeated ids, or leaves their later rows out. Sorts by hash; reads the file again only if two hashes are
  /// equal.
  private mutating func settleDuplicates() {
    sortInPlace(&entries, by: ByHash.self)
    var repeated: [UInt64: [String: Int]] = [:]
    var unlisted = 0
    for at in entries.indices.dropFirst() where entries[at].hash == entries[at - 1].hash {
      if repeated.count <= IssueList.limit || reading.badRows == .skip || format.isSacct {
        repeated[entries[at].hash] = [:]
      } else if repeated[entries[at].hash] == nil {
        unlisted += 1
      }
    }
    // Whether the text breaks off is told by now.
    guard !repeated.isEmpty, let file else { return }
    let again = CSVLineReader(file, quotes: format.hasQuotes)
    for _ in 0..<format.headerLines { _ = try? again.next() }
    var second = JobRowParser(path: path, format: format, memoryPerCore: 0, reading: reading)
    var left = Set<Int64>()
    var latest: [String: Int64] = [:]
    while let row = try? again.next() {
      var isFaulty = false
      switch second.parse(row) {
      case .job: break
      case .faulty: isFaulty = true
      case .nothing, .skipped: continue
      }
      guard repeated[second.job.identity] != nil else { continue }
      let id = second.id.text
      guard let first = repeated[second.job.identity]?[id] else {
        repeated[second.job.identity]?[id] = again.lineNumber
        latest[id] = again.lineOffset
        continue
      }
      if format.isSacct, !isFaulty {
        // `sacct -D` has a line per run of a job that was requeued: the last one is the job's.
        if let before = latest.updateValue(again.lineOffset, forKey: id) { left.insert(before) }
        continue
      }
      if reading.badRows == .skip {
        left.insert(again.lineOffset)
        continue
      }
      if !isFaulty { repeatedRows += 1 }
      let lines = "\(second.id.quoted) on lines \(first) and \(again.lineNumber)"
      parser.issues.add(
        InputIssue(file: path, line: again.lineNumber, key: "job_id", found: lines, expected: "a unique id"))
    }
    if !parser.issues.isEmpty { parser.issues.more += unlisted }
    guard !left.isEmpty else { return }
    // The index holds the rows that stay.
    entries.removeAll { left.contains($0.offset) }
    sorted = false
    if format.isSacct {
      skipped[.requeued, default: 0] += left.count
    } else {
      parser.leaveOut(left.count, "job_id is that of an earlier row")
      skipped[.badRow, default: 0] += left.count
    }
  }
}
