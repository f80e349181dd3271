extension String {
  /// The text with what a terminal would obey, or hide text by, written as Swift would: `\u{1B}`.
  ///
  /// These are control characters (C0, DEL and C1), the marks, embeddings, overrides and isolates of the bidirectional
  /// algorithm (Unicode Standard Annex 9; "Trojan Source", CVE-2021-42574), line and paragraph separators, and a
  /// byte-order mark within a text.
  ///
  /// - Parameter keepsLines: whether line feeds and tabs stay.
  /// - Complexity: O(length).
  public func printable(keepsLines: Bool = false) -> String {
    guard unicodeScalars.contains(where: { $0.isUnprintable(keepsLines) }) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar.isUnprintable(keepsLines) {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  fileprivate func isUnprintable(_ keepsLines: Bool) -> Bool {
    switch value {
    case 9, 10: !keepsLines
    case 0..<32, 0x7F...0x9F: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
