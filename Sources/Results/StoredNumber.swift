/// Bounds on the figures of a result, such that sums, products and squares of figures are still numbers.
package enum StoredNumber {
  /// 10¹⁰⁰: no result has a figure near it.
  package static let largest = 1e100
  package static let largestCount = 1_000_000_000_000_000
  package static let replications = 1...1_000_000
  package static let expected = "a finite number of at most 1e100"

  package static func isPlausible(_ value: Double) -> Bool { abs(value) <= largest }
}
