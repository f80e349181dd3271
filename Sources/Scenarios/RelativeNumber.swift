import Domain

/// A number that is written as a change of another one: `+6`, `-20%`, `200%`, `x2`.
enum RelativeNumber {
  case difference(Double)
  case factor(Double)

  /// `nil` for a text that is no such number.
  init?(_ text: String) {
    let text = text.filter { $0 != " " }
    if text.last == "%" {
      guard let number = RelativeNumber.finite(text.dropLast()) else { return nil }
      self = .factor((RelativeNumber.isSigned(text) ? 1 : 0) + number / 100)
    } else if let first = text.first, "x×*".contains(first) {
      guard let number = RelativeNumber.finite(text.dropFirst()) else { return nil }
      self = .factor(number)
    } else if let last = text.last, "x×".contains(last) {
      guard let number = RelativeNumber.finite(text.dropLast()) else { return nil }
      self = .factor(number)
    } else {
      guard RelativeNumber.isSigned(text), let number = RelativeNumber.finite(text[...]) else { return nil }
      self = .difference(number)
    }
  }

  /// True for a text that begins with a plus or a minus.
  static func isSigned(_ text: String) -> Bool { text.first.map { "+-−".contains($0) } ?? false }

  private static func finite(_ text: Substring) -> Double? {
    guard text.contains(where: \.isNumber) else { return nil }
    return Double(text.replacing("−", with: "-")).flatMap { $0.isFinite ? $0 : nil }
  }

  /// Makes the change to a number. Rounding errors of decimals are rounded away.
  func applied(to number: Double) -> Double {
    let changed =
      switch self {
      case .difference(let difference): number + difference
      case .factor(let factor): number * factor
      }
    return abs(changed) < 1e9 ? (changed * 1e6).rounded() / 1e6 : changed
  }

  /// The percentage that words for a part or a multiple mean: `50%` for `half`.
  static func percentage(of word: String) -> String? {
    let words = [
      "half": "50%", "a half": "50%", "halve": "50%", "halved": "50%", "quarter": "25%", "a quarter": "25%",
      "third": "33.3%", "a third": "33.3%", "double": "200%", "twice": "200%", "doubled": "200%", "triple": "300%",
      "none": "0%", "zero": "0%",
    ]
    return words[word.lowercased()]
  }
}
