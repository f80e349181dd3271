import Domain
internal import TextIO

extension InputError {
  init(_ path: String, _ fault: UnreadableFile) {
    var issue = InputIssue(file: path, line: 0, found: fault.found, expected: fault.expected)
    issue.isUnreadable = fault.isUnreadable
    issue.isResource = fault.isResource
    self.init(issues: [issue])
  }
}

/// Opens a text file, decompressed if it is gzip.
func openText(_ path: String) throws(InputError) -> TextFile {
  do { return try TextFile(path: path) } catch { throw InputError(path, error) }
}

extension TextFile {
  /// Reads up to so many bytes from an offset on; 0 at the end.
  func bytes(_ room: UnsafeMutableRawPointer?, _ count: Int, at offset: Int64) throws(InputError) -> Int {
    do { return try read(room, count, at: offset) } catch { throw InputError(path, error) }
  }
}
