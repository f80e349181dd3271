/// A number worked out again, with the size of what was added up to it.
struct Recomputed {
  var value: Double?
  /// Sum of the absolute values that went into it: where they cancel, rounding shows more.
  var magnitude: Double
  /// How many were added.
  var terms: Int

  init(_ value: Double?, magnitude: Double? = nil, terms: Int = 1) {
    self.value = value
    self.magnitude = magnitude ?? abs(value ?? 0)
    self.terms = terms
  }

  func scaled(_ factor: Double) -> Recomputed {
    Recomputed(value.map { $0 * factor }, magnitude: magnitude * abs(factor), terms: terms)
  }

  func over(_ count: Int) -> Recomputed {
    count > 0
      ? Recomputed(value.map { $0 / Double(count) }, magnitude: magnitude / Double(count), terms: terms)
      : Recomputed(nil)
  }

  /// True if a stored number agrees with this one: to a relative 1e-9 or, if terms of both signs cancel, to the
  /// rounding error of adding them one after the other (Higham 2002, doi:10.1137/1.9780898718027, §4.2: n u Σ|x|).
  func agrees(_ stored: Double?, within relative: Double = 1e-9) -> Bool {
    guard let stored, let value else { return stored == nil && value == nil }
    guard stored.isFinite, value.isFinite, magnitude.isFinite else { return false }
    let rounding = (1e-12 + Double(terms) * 0x1p-53) * magnitude
    return abs(stored - value) <= max(relative * max(abs(stored), abs(value)), rounding)
  }
}

/// A running sum whose error does not grow with the number of terms (Neumaier 1974, doi:10.1002/zamm.19740540106).
struct AuditSum {
  private var sum = 0.0
  private var rest = 0.0
  private(set) var magnitude = 0.0
  private(set) var terms = 0

  mutating func add(_ term: Double, magnitude: Double? = nil) {
    let next = sum + term
    rest += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
    self.magnitude += magnitude ?? abs(term)
    terms += 1
  }

  mutating func add(_ other: AuditSum) {
    add(other.sum, magnitude: other.magnitude)
    rest += other.rest
    terms += other.terms
  }

  var value: Double { sum + rest }
  var recomputed: Recomputed { Recomputed(value, magnitude: magnitude, terms: terms) }
}
