public import Domain
import Foundation

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
  /// Whether the rows stand in the order of submission.
  public let isSorted: Bool
  /// The users in order of first appearance; ``Domain/Job/user`` is a place in it.
  public let users: [String]
  /// Jobs of a batch upload without GPU minutes, which got the usual duration of their type.
  public let assumedDurations: Int
  /// From the first to the last submission as recorded, whether inside the span or not; `nil` without jobs.
  public let recorded: ClosedRange<Instant>?

  let span: Range<Int64>
  let format: JobFormat
  let userPlaces: [UInt64: Int32]
  let index: [JobEntry]
  let clock: JobClock
  let memoryPerCore: Double

  var idPrefix: StaticString { format.idPrefix }

  /// A new reading from the first job on. Each has its own file descriptor and texts.
  ///
  /// - Parameter keepsTexts: whether the jobs' texts will be asked for.
  public func makeCursor(keepsTexts: Bool = true) throws -> JobCursor { try JobCursor(self, keepsTexts: keepsTexts) }
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
  public static func read(
    path: String, format told: JobFileFormat = .auto, timeUnit: JobTimeUnit? = nil, zones: [Zone], start: Instant,
    end: Instant, timing: JobTiming = JobTiming(), memoryPerCore: Double = 0, keepsAll: Bool = false
  ) throws -> JobFile {
    let isSWF = told == .swf || (told == .auto && path.lowercased().hasSuffix(".swf"))
    let reader = try CSVLineReader(path: path, quotes: !isSWF)
    var issues = IssueList()
    let format =
      isSWF
      ? JobFormat.swf
      : try JobFormat(header: reader, told: told, unit: timeUnit, zones: zones, start: start, issues: &issues)
    if format.numbersRows, timing.movesToClock == false {
      throw InputError(issues: [
        InputIssue(file: path, line: 0, found: "start: recorded", expected: "start: clock, as the file has no instants")
      ])
    }
    let span =
      keepsAll ? -(Int64.max / 4)..<Int64.max / 4 : start.milliseconds..<max(start.milliseconds, end.milliseconds)
    var pass = JobPass(
      path: path, format: format, span: span, origin: start.milliseconds, timing: timing,
      memoryPerCore: memoryPerCore)
    pass.parser.issues = issues
    pass.readRows(reader)
    return try pass.finish()
  }
}

/// The first pass over a job file.
private struct JobPass {
  let path: String
  let format: JobFormat
  let span: Range<Int64>
  /// Where times without a date of their own begin.
  let origin: Int64
  var parser: JobRowParser
  var entries: [JobEntry] = []
  var skipped: [SkipReason: Int] = [:]
  var users: [String] = []
  var userPlaces: [UInt64: Int32] = [:]
  var lastUser: UInt64 = 0
  var sorted = true
  var latest = Int64.min
  let timing: JobTiming

  init(path: String, format: JobFormat, span: Range<Int64>, origin: Int64, timing: JobTiming, memoryPerCore: Double) {
    self.path = path
    self.format = format
    self.span = span
    self.origin = origin
    self.timing = timing
    parser = JobRowParser(path: path, format: format, memoryPerCore: memoryPerCore)
  }

  mutating func readRows(_ reader: CSVLineReader) {
    var size = stat()
    let bytes = stat(path, &size) == 0 ? Int(size.st_size) : 0
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
        if time < last { sorted = false }
        last = time
        let hash = format.numbersRows ? UInt64(parser.row) : parser.job.identity
        entries.append(JobEntry(time: time, offset: reader.lineOffset, hash: hash))
        latest = max(latest, time)
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
    if !format.numbersRows { reportDuplicates() }
    let clock = clock(earliest: earliest)
    parser.issues.sortByLine()
    try parser.issues.throwIfAny()
    let all = entries.count
    if !clock.isIdentity {
      for at in entries.indices { entries[at].time = clock.instant(entries[at].time) }
    }
    let span = span
    entries.removeAll { !span.contains($0.time) }
    let count = entries.count
    if all > count { skipped[.outsideSpan] = all - count }
    if sorted { entries = [] } else { sortInPlace(&entries, by: ByTime.self) }
    return JobFile(
      path: path, count: count, skipped: skipped, isSorted: sorted, users: users,
      assumedDurations: parser.assumedDurations,
      recorded: all == 0 ? nil : Instant(milliseconds: earliest)...Instant(milliseconds: latest), span: span,
      format: format, userPlaces: userPlaces, index: entries, clock: clock, memoryPerCore: parser.memoryPerCore)
  }

  /// A CSV counts from its earliest submission; an SWF from second 0, which `UnixStartTime` sets on the calendar; GAIA
  /// from second 0. A batch upload is submitted at the start.
  private mutating func clock(earliest: Int64) -> JobClock {
    if case .platform = format { return JobClock() }
    if timing.movesToClock ?? format.movesToClock {
      return JobClock(first: format.countsFromZero ? 0 : earliest, origin: origin, scale: timing.scale)
    }
    guard format.isSWF else { return JobClock(first: earliest, origin: earliest, scale: timing.scale) }
    let calendar = Instant.calendar
    guard let began = parser.unixStart,
      (calendar.lowerBound.milliseconds / 1000...calendar.upperBound.milliseconds / 1000).contains(began)
    else {
      parser.issues.add(
        InputIssue(
          file: path, line: 0,
          found: parser.unixStart.map { "UnixStartTime: \($0)" } ?? "no header UnixStartTime",
          expected: "one of the years 0 to 9999, as the scenario says start: recorded (or start: clock)"))
      return JobClock()
    }
    return JobClock(first: 0, origin: began * 1000, scale: timing.scale)
  }

  /// Sorts by hash; reads the file again only where two hashes are equal.
  private mutating func reportDuplicates() {
    sortInPlace(&entries, by: ByHash.self)
    var repeated: [UInt64: [String: Int]] = [:]
    var unlisted = 0
    for at in entries.indices.dropFirst() where entries[at].hash == entries[at - 1].hash {
      if repeated.count <= IssueList.limit {
        repeated[entries[at].hash] = [:]
      } else if repeated[entries[at].hash] == nil {
        unlisted += 1
      }
    }
    // Whether the text breaks off is told by now.
    guard !repeated.isEmpty, let again = try? CSVLineReader(path: path, quotes: !format.isSWF) else { return }
    if !format.isSWF { _ = try? again.next() }
    var second = JobRowParser(path: path, format: format, memoryPerCore: 0)
    while let row = try? again.next() {
      switch second.parse(row) {
      case .job, .faulty: break
      case .nothing, .skipped: continue
      }
      guard repeated[second.job.identity] != nil else { continue }
      let id = second.id.text
      guard let first = repeated[second.job.identity]?[id] else {
        repeated[second.job.identity]?[id] = again.lineNumber
        continue
      }
      let lines = "\(second.id.quoted) on the lines \(first) and \(again.lineNumber)"
      parser.issues.add(
        InputIssue(file: path, line: again.lineNumber, key: "job_id", found: lines, expected: "an id of its own"))
    }
    if !parser.issues.isEmpty { parser.issues.more += unlisted }
  }
}
