/// What a figure of a result may be, so that sums, products and squares of figures are still numbers.
enum StoredNumber {
  /// 10¹⁰⁰: no result has a figure near it.
  static let largest = 1e100
  static let largestCount = 1_000_000_000_000_000
  static let replications = 1...1_000_000
  static let expected = "a finite number of at most 1e100"

  static func isPlausible(_ value: Double) -> Bool { abs(value) <= largest }
}
