/// Paths by their bytes, as file systems compare them. Swift's characters will not do: a combining mark behind a slash
/// makes another character of it, but not another path.
extension String {
  private static let slash = UInt8(ascii: "/")

  package var isAbsolutePath: Bool { utf8.first == String.slash }

  package var hasSlash: Bool { utf8.contains(String.slash) }

  package var endsInSlash: Bool { utf8.last == String.slash }

  /// The name behind the last slash that is not at the end; empty if there is none.
  package var lastPathName: String {
    String(decoding: utf8.split(separator: String.slash).last ?? utf8[utf8.endIndex...], as: UTF8.self)
  }

  /// The directory that the last name is in: `.` for a name alone, `/` for one at the root.
  package var pathParent: String {
    let path = utf8.lastIndex { $0 != String.slash }.map { utf8[...$0] } ?? utf8.prefix(1)
    guard let slash = path.lastIndex(of: String.slash) else { return "." }
    return slash == utf8.startIndex ? "/" : String(decoding: utf8[..<slash], as: UTF8.self)
  }

  /// True if the path lies in a directory, by the bytes of both.
  package func isPath(inside directory: String) -> Bool {
    utf8.starts(with: directory.utf8) && utf8.dropFirst(directory.utf8.count).first == String.slash
  }

  /// Resolves the path against another directory; an absolute path is returned unchanged.
  package func path(in directory: String) -> String {
    isAbsolutePath || directory.isEmpty ? self : "\(directory)/\(self)"
  }
}
