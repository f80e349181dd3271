public import Domain
import Foundation
internal import TextIO

/// One reading of a ``JobFile``: jobs in order of submission, ties in the order of the file.
public final class JobCursor: JobSource, JobTextSource {
  private let file: JobFile
  private var parser: JobRowParser
  private var slab = TextSlab()
  private let keepsTexts: Bool
  private var sequence = 0
  /// Places in the index; all jobs of a file without one.
  private let places: Range<Int>
  /// By how much jobs are moved, ms.
  private let shift: Int64
  private var lastUser: (hash: UInt64, place: Int) = (0, 0)
  /// Sorted: the rest of the file.
  private var reader: CSVLineReader?
  /// Unsorted: rows at their offsets.
  private var rows: TextFile?
  private var row = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)

  init(_ file: JobFile, keepsTexts: Bool, window: JobWindow?) throws {
    self.file = file
    places = window?.span.map { file.places(in: $0) } ?? 0..<file.count
    shift = window?.shift.milliseconds ?? 0
    self.keepsTexts = keepsTexts
    parser = JobRowParser(
      path: file.path, format: file.format, memoryPerCore: file.memoryPerCore, reading: file.reading)
    if file.isSorted {
      let reader = CSVLineReader(try file.open(), quotes: file.format.hasQuotes)
      for _ in 0..<file.format.headerLines { _ = try reader.next() }
      self.reader = reader
    } else {
      rows = try file.open()
      row = .allocate(capacity: 1024)
    }
  }

  deinit { row.deallocate() }

  /// Jobs whose texts are held.
  public var heldTexts: Int { slab.count }

  /// The next job and what it really takes; false after the last.
  public func read(into job: inout Job, actualDuration: inout TimeSpan) throws -> Bool {
    guard sequence < places.count, try file.isSorted ? advanceSorted() : advanceIndexed() else {
      if sequence < places.count { throw changed() }
      return false
    }
    job = parser.job
    job.sequence = sequence
    let userHash = parser.user.stableHash
    if userHash != lastUser.hash || sequence == 0 {
      guard let user = file.userPlaces[userHash] else { throw changed() }
      lastUser = (userHash, Int(user))
    }
    job.user = lastUser.place
    let recorded = job.submittedAt.milliseconds
    let moved = file.clock.instant(recorded) + shift
    if job.deadline != .never {
      // Where one is moved past what can be written, no run ends later either.
      job.deadline = (job.deadline + TimeSpan(milliseconds: moved - recorded)).withinCalendar
    }
    job.submittedAt.milliseconds = moved
    if keepsTexts { job.textHandle = slab.keep(prefix: file.idPrefix, id: parser.id, name: parser.name) }
    sequence += 1
    actualDuration = parser.actual
    return true
  }

  public func withTexts<Result>(
    of job: Job, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    precondition(job.textHandle >= 0, "the texts of a job that has none")
    return try body(slab.id(job.textHandle), slab.name(job.textHandle))
  }

  public func release(_ job: Job) {
    if job.textHandle >= 0 { slab.release(job.textHandle) }
  }

  private func advanceSorted() throws -> Bool {
    guard let reader else { return false }
    while let line = try reader.next() {
      parser.line = reader.lineNumber
      guard case .job = parser.parse(line) else {
        try parser.issues.throwIfAny()
        continue
      }
      if file.span.contains(file.clock.instant(parser.job.submittedAt.milliseconds)) { return true }
    }
    return false
  }

  private func advanceIndexed() throws -> Bool {
    let entry = file.index[places.lowerBound + sequence]
    let length = try readRow(at: entry.offset)
    let line = UnsafeMutableBufferPointer(rebasing: row[0..<length])
    if file.format.numbersRows { parser.row = Int(entry.hash) - 1 }
    guard case .job = parser.parse(line), file.format.numbersRows || parser.job.identity == entry.hash,
      file.clock.instant(parser.job.submittedAt.milliseconds) == entry.time
    else { throw changed() }
    return true
  }

  /// Reads the line at an offset into `row`; its length without the line end.
  private func readRow(at offset: Int64) throws -> Int {
    guard let rows else { throw changed() }
    while true {
      let got = try rows.bytes(row.baseAddress, row.count, at: offset)
      if let end = lineEnd(got) { return end > 0 && row[end - 1] == 13 ? end - 1 : end }
      if got < row.count { return got > 0 && row[got - 1] == 13 ? got - 1 : got }
      guard row.count <= 2 * CSVLineReader.longestLine else { throw changed() }
      let larger = row.count * 4
      row.deallocate()
      row = .allocate(capacity: larger)
    }
  }

  private func lineEnd(_ count: Int) -> Int? {
    var inQuotes = false
    for at in 0..<count {
      if row[at] == 34, file.format.hasQuotes { inQuotes.toggle() }
      if row[at] == 10, !inQuotes { return at }
    }
    return nil
  }

  private func changed() -> InputError {
    InputError(issues: [
      InputIssue(
        file: file.path, line: 0, found: "a file that has changed since it was checked", expected: "the unchanged file")
    ])
  }
}
