internal import Foundation
internal import Runs

/// Numbers for people: no more digits than mean something, commas between thousands.
package enum ReportNumber {
  /// About four digits; whole numbers have no decimals.
  package static func text(_ value: Double) -> String {
    let size = abs(value)
    guard size.isFinite, value != value.rounded() else { return fixed(value, 0) }
    // As the tables of text write it: 0.000000 would be no number.
    guard size >= 1e-5 else { return signed(ComparisonText.number(value, digits: 4)) }
    return fixed(value, size >= 1000 ? 0 : max(0, min(6, 3 - Int(log10(size).rounded(.down)))))
  }

  /// A number of things, or a mean of such numbers: whole ones have no decimals, others one.
  package static func count(mean: Double) -> String {
    if mean == mean.rounded() || abs(mean) >= 1000 { return fixed(mean.rounded(), 0) }
    return abs(mean) >= 1 ? fixed(mean, 1) : text(mean)
  }

  /// A mean with its interval, `52.1 ± 6.0` (with spaces that no line ends at): two digits of the half width, and no
  /// more of the mean. An interval of no width, or of less than rounding, is not printed.
  package static func text(_ value: Double, plusMinus halfWidth: Double?) -> String {
    guard let halfWidth, isInterval(halfWidth, of: value) else { return text(value) }
    guard halfWidth >= 1e-5 else {
      return "\(text(value))\u{A0}±\u{A0}\(ComparisonText.number(halfWidth, digits: 2))"
    }
    let decimals = max(0, min(6, 1 - Int(log10(halfWidth).rounded(.down))))
    return "\(fixed(value, decimals))\u{A0}±\u{A0}\(fixed(halfWidth, decimals))"
  }

  /// True for a half width that is more than what is lost in rounding.
  private static func isInterval(_ halfWidth: Double, of value: Double) -> Bool {
    halfWidth.isFinite && halfWidth > 1e-9 * abs(value)
  }

  /// The minus sign of the page's numbers; an exponent keeps its hyphen.
  private static func signed(_ text: String) -> String { text.hasPrefix("-") ? "−" + text.dropFirst() : text }

  /// A percentage: two decimals where ``text(_:plusMinus:)`` would have more or fewer, so that a column reads easily.
  package static func percent(_ value: Double, plusMinus halfWidth: Double? = nil) -> String {
    if let halfWidth, isInterval(halfWidth, of: value) { return text(value, plusMinus: halfWidth) }
    return fixed(value, value == value.rounded() ? 0 : 2)
  }

  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return String(format: "%.4g", value) }
    let digits = String(format: "%.\(decimals)f", abs(value))
    let isNothing = !digits.contains { "123456789".contains($0) }
    let whole = Array(digits.prefix { $0 != "." })
    let rest = digits.dropFirst(whole.count)
    var grouped = ""
    for (place, digit) in whole.enumerated() {
      if place > 0, (whole.count - place) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return (value < 0 && !isNothing ? "−" : "") + grouped + rest
  }

  /// `45 s`, `12.5 min`, `3.4 h`, `2.4 days`.
  package static func span(seconds: Double) -> String {
    let size = abs(seconds)
    func short(_ value: Double) -> String { fixed(value, (value * 10).rounded() == value.rounded() * 10 ? 0 : 1) }
    if size < 120 { return "\(size < 10 ? short(seconds) : fixed(seconds, 0))\u{A0}s" }
    if size < 7200 { return "\(fixed(seconds / 60, 0))\u{A0}min" }
    return size < 172_800 ? "\(short(seconds / 3600))\u{A0}h" : "\(short(seconds / 86_400))\u{A0}days"
  }

  /// `8.2 ± 5.9 h`, in the unit of the larger of the two.
  package static func span(seconds: Double, plusMinus halfWidth: Double?) -> String {
    guard let halfWidth, isInterval(halfWidth, of: seconds) else { return span(seconds: seconds) }
    let size = max(abs(seconds), halfWidth)
    let (length, unit) =
      size < 120 ? (1, "s") : size < 7200 ? (60, "min") : size < 172_800 ? (3600, "h") : (86_400.0, "days")
    return "\(text(seconds / length, plusMinus: halfWidth / length))\u{A0}\(unit)"
  }

  /// As it is, with commas between thousands.
  package static func exact(_ value: Double) -> String {
    let text = TextTable.number(value)
    let decimals = text.contains("e") ? 0 : text.split(separator: ".").dropFirst().first?.count ?? 0
    return fixed(value, decimals)
  }

  package static func count(_ number: Int, _ noun: String, _ many: String? = nil) -> String {
    "\(fixed(Double(number), 0)) \(number == 1 ? noun : many ?? noun + "s")"
  }
}
