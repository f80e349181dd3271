public import Domain
internal import Foundation

/// A wide trace CSV: `datetime` and a column a zone, as the trace reader takes it.
public enum WideTraceFile {
  /// Writes a file, which appears under its name only when it is complete.
  ///
  /// - Parameters:
  ///   - names: the columns' names.
  ///   - columns: the values of each column, as many in each; the first holds from `start` on.
  /// - Throws: ``StoreError``.
  public static func write(path: String, names: [String], start: Instant, step: TimeSpan, columns: [[Double]]) throws {
    precondition(names.count == columns.count && !columns.isEmpty, "not a name a column")
    try FileCalls.demandPlain(path)
    let partial = "\(path).pylon-partial-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      let file = try OutputFile(path: partial)
      let text = TextBuffer()
      text.append("datetime")
      for name in names {
        text.append(byte: 44)
        text.append(cell: name)
      }
      text.append(byte: 10)
      for row in columns[0].indices {
        text.append(start + TimeSpan(milliseconds: Int64(row) * step.milliseconds))
        for column in columns {
          text.append(byte: 44)
          text.append(column[row])
        }
        text.append(byte: 10)
        if text.count > 1 << 16 { try file.write(text) }
      }
      try file.write(text)
      try file.synchronize()
    } catch {
      unlink(partial)
      throw error
    }
    guard rename(partial, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(partial)
      throw StoreError(description: "cannot replace \(path): \(reason)")
    }
  }
}
