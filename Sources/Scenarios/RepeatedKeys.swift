import Yams

/// Puts other names in the place of keys that a mapping has more than once, which Yams refuses one at a time and with
/// the whole document.
struct RepeatedKeys {
  /// A document is read anew for each.
  static let limit = 20
  /// Characters that no document has a use for, one a key.
  private static let first: UInt32 = 0xE000

  /// The names put in.
  private(set) var names: Set<String> = []

  /// The document with the first of the repeated keys by another name of the same length; `nil` where the error is
  /// another, or the key is not written as it is called.
  mutating func masked(_ text: String, _ error: any Error) -> String? {
    guard case .duplicatedKeysInMapping(let keys, let context)? = error as? YamlError, let key = keys.first,
      !key.isEmpty, names.count < RepeatedKeys.limit,
      let character = Unicode.Scalar(RepeatedKeys.first + UInt32(names.count)),
      !text.unicodeScalars.contains(character), let place = place(of: key, in: text, context.mark)
    else { return nil }
    let name = String(String.UnicodeScalarView(repeatElement(character, count: key.unicodeScalars.count)))
    names.insert(name)
    var masked = text
    masked.replaceSubrange(place, with: name)
    return masked
  }

  private func place(of key: String, in text: String, _ mark: Mark) -> Range<String.Index>? {
    let scalars = text.unicodeScalars
    var at = scalars.startIndex
    for _ in 1..<max(1, mark.line) {
      guard let end = scalars[at...].firstIndex(of: "\n") else { return nil }
      at = scalars.index(after: end)
    }
    guard mark.column >= 1, let start = scalars.index(at, offsetBy: mark.column - 1, limitedBy: scalars.endIndex) else {
      return nil
    }
    at = start
    if let quote = scalars[at...].first, quote == "\"" || quote == "'" { at = scalars.index(after: at) }
    guard scalars[at...].starts(with: key.unicodeScalars) else { return nil }
    return at..<scalars.index(at, offsetBy: key.unicodeScalars.count)
  }
}
