import Domain

/// The texts of cells that stand for no value: the usual ones and a file's own.
struct NullTexts {
  /// In lower case; the empty cell is one of them.
  private static let usual = ["nan", "na", "n/a", "n/e", "null", "none", "nil", "-", "–", "<na>", "#n/a"]
  private let own: [String]

  init(_ own: [String]? = nil) { self.own = own ?? [] }

  func contains(_ cell: Bytes) -> Bool {
    if own.contains(where: { text in text.withBytes { $0.elementsEqual(cell) } }) { return true }
    guard let first = cell.first else { return true }
    // Numbers begin otherwise, but for a lone minus.
    if (48...57).contains(first) || cell.count > 4 || (first == 45 && cell.count > 1) { return false }
    return NullTexts.usual.contains(cell.text.lowercased())
  }
}
