internal import Domain
internal import Foundation

/// Chooses ticks that people read easily and whose labels keep apart.
struct TickMaker {
  /// Length of the axis, px.
  let length: Double
  let isHorizontal: Bool
  let size: Double

  /// True if the labels of ticks that are `spacing` px apart do not touch.
  func fits(_ ticks: [Tick], spacing: Double) -> Bool {
    guard isHorizontal else { return spacing >= size * 1.5 }
    let widest = ticks.map { SVG.width(of: $0.label, size: size) }.max() ?? 0
    return spacing >= widest + 8
  }

  /// Steps of 1, 2 or 5 times a power of ten (Wilkinson 2005, *The Grammar of Graphics*, §6.2), as many as fit.
  ///
  /// - Parameter leastStep: no step is shorter.
  func linear(
    _ range: ClosedRange<Double>, isRounded: Bool, leastStep: Double = 0
  ) -> (range: ClosedRange<Double>, ticks: [Tick]) {
    let span = max(range.upperBound - range.lowerBound, .leastNormalMagnitude * 1e10)
    let most = max(2, isHorizontal ? min(12, Int(length / 50)) : min(10, Int(length / 24)))
    var exponent = Int(log10(span / Double(most)).rounded(.down)) - 1
    while true {
      for factor in [1.0, 2, 5] {
        let step = factor * pow(10, Double(exponent))
        guard step >= leastStep else { continue }
        let first = (range.lowerBound / step + (isRounded ? 1e-9 : -1e-9)).rounded(isRounded ? .down : .up)
        let last = (range.upperBound / step + (isRounded ? -1e-9 : 1e-9)).rounded(isRounded ? .up : .down)
        guard last - first <= Double(most) else { continue }
        var ticks = stride(from: first, through: last, by: 1).map {
          Tick(value: $0 * step, label: TickMaker.label($0 * step, step: step))
        }
        let shown = isRounded ? max(last - first, 1) * step : span
        // Three that touch cannot become fewer by longer steps where 0 is among them: the middle one goes.
        let isFitting = fits(ticks, spacing: length * step / shown)
        guard isFitting || last - first <= 2 else { continue }
        if !isFitting, ticks.count == 3 { ticks.remove(at: 1) }
        return (isRounded ? first * step...max(last, first + 1) * step : range, ticks)
      }
      exponent += 1
    }
  }

  /// A number with the decimals that a step needs: `1,500`, `0.25`, `2.5M`.
  static func label(_ value: Double, step: Double) -> String {
    if abs(step) < 1e-6 || abs(value) >= 1e15 {
      // As many digits as tell it from its neighbours.
      let digits = max(3, min(17, Int(log10(max(abs(value / step), 1)).rounded(.up)) + 1))
      return abs(value) < abs(step) / 2 ? "0" : String(format: "%.\(digits)g", value)
    }
    let units = [(1e12, "T"), (1e9, "G"), (1e6, "M")]
    let unit = units.first { abs(value) >= $0.0 * 0.999999 } ?? (1, "")
    let decimals = max(0, -Int((log10(step / unit.0) + 1e-9).rounded(.down)))
    let text = fixed(value / unit.0, decimals: decimals)
    return text == "0" ? text : text + unit.1
  }

  /// The power of ten that is the first digit's.
  static func place(of value: Double) -> Double { pow(10, log10(value).rounded(.down)) }

  /// So many decimals, commas between thousands; `0` for what rounds to nothing.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    return text.contains { "123456789".contains($0) } ? grouped(text) : "0"
  }

  /// Commas between thousands.
  static func grouped(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "−" : ""
    let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    var whole = ""
    for (place, digit) in parts[0].reversed().enumerated() {
      if place > 0, place % 3 == 0 { whole.append(",") }
      whole.append(digit)
    }
    return sign + String(whole.reversed()) + (parts.count > 1 ? "." + parts[1] : "")
  }

  func logarithmic(_ range: ClosedRange<Double>) -> [Tick] {
    let (low, high) = (Int(log10(range.lowerBound).rounded(.down)), Int(log10(range.upperBound).rounded(.up)))
    for factors in [[1.0, 2, 5], [1]] {
      for stepping in [1, 2, 3, 5, 10, 20, 50, 100] {
        let values: [Double] = stride(from: low, through: high, by: stepping).flatMap { exponent in
          factors.map { factor in factor * pow(10, Double(exponent)) }
        }
        let inside = values.filter { $0 >= range.lowerBound * 0.999 && $0 <= range.upperBound * 1.001 }
        let ticks = inside.map { Tick(value: $0, label: TickMaker.label($0, step: $0)) }
        let decades = log10(range.upperBound / range.lowerBound)
        let spacing = length / decades * (factors.count > 1 ? 0.3 : Double(stepping))
        if fits(ticks, spacing: spacing) { return ticks }
        if factors.count > 1 { break }
      }
    }
    return []
  }

  /// Seconds, minutes, hours, days.
  func spans(_ range: ClosedRange<Double>) -> [Tick] {
    let all: [(Double, String)] = [
      (1, "≤ 1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"), (3600, "1 h"), (21_600, "6 h"), (86_400, "1 d"),
      (604_800, "7 d"), (2_592_000, "30 d"), (31_536_000, "1 year"),
    ]
    let inside = all.filter { $0.0 <= range.upperBound * 1.001 }.map { Tick(value: $0.0, label: $0.1) }
    let decade = length / log10(range.upperBound)
    for skipped in 1...inside.count {
      let kept = stride(from: 0, to: inside.count, by: skipped).map { inside[$0] }
      let gaps = zip(kept, kept.dropFirst()).map { log10($1.value / $0.value) * decade }
      if fits(kept, spacing: gaps.min() ?? length) { return kept }
    }
    return Array(inside.prefix(1))
  }

  func hours() -> [Tick] {
    for step in [1, 2, 3, 6, 12] {
      let ticks = stride(from: 0, through: 24, by: step).map { Tick(value: Double($0), label: "\($0)") }
      if fits(ticks, spacing: length / 24 * Double(step) * (isHorizontal ? 0.8 : 1)) { return ticks }
    }
    return [Tick(value: 0, label: "0"), Tick(value: 24, label: "24")]
  }

  /// Every name where there is room for it, cut if need be; else each second, third, … one.
  func band(_ names: [String]) -> [Tick] {
    let all = names.enumerated().map { Tick(value: Double($0.offset), label: $0.element) }
    let spacing = length / Double(max(all.count, 1))
    if isHorizontal ? spacing >= 56 : spacing >= size + 1 { return all }
    for skipped in [1, 2, 3, 4, 6, 12, 24, 48] {
      let kept = all.filter { Int($0.value) % skipped == 0 }
      if isHorizontal ? fits(kept, spacing: spacing * Double(skipped)) : spacing * Double(skipped) >= size + 1 {
        return kept
      }
    }
    return Array(all.prefix(1))
  }
}
