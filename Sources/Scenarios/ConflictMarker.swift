/// A line that git leaves in a file of which it could not merge two versions.
package struct ConflictMarker {
  /// From 1.
  package let line: Int
  /// `<<<<<<<`.
  package let text: String

  /// The first one; `nil` if there is none.
  package init?(in text: String) {
    let markers = ["<<<<<<<", ">>>>>>>", "|||||||", "======="]
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let found = markers.first { line.hasPrefix($0) && (line.dropFirst(7).first ?? " ") == " " }
      guard let found else { continue }
      self.line = number + 1
      self.text = found
      return
    }
    return nil
  }
}
