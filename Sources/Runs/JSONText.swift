/// JSON written by hand: every text goes through here.
package enum JSON {
  /// A list of texts.
  package static func texts(_ texts: [String]) -> String { "[" + texts.map { text($0) }.joined(separator: ", ") + "]" }

  /// A text in quotes (RFC 8259 §7).
  package static func text(_ text: String) -> String {
    var written = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": written += "\\\(scalar)"
      case _ where scalar.value < 32:
        let hex = String(scalar.value, radix: 16)
        written += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: written.unicodeScalars.append(scalar)
      }
    }
    return written + "\""
  }
}
