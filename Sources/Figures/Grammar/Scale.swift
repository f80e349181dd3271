internal import Foundation

/// How values become places along an axis.
public enum Scale: Sendable, Hashable {
  /// With `isRounded` the axis ends on ticks.
  case linear(ClosedRange<Double>, isRounded: Bool = true)
  /// Whole numbers from 0 on: no tick stands between them.
  case counts(Double)
  /// Positive values; others lie at the low end.
  case logarithmic(ClosedRange<Double>)
  /// Milliseconds since the epoch, UTC.
  case time(ClosedRange<Double>)
  /// Lengths of time in seconds, logarithmic from 1 s on; shorter ones lie at the low end.
  case spans(ClosedRange<Double>)
  /// The hours of a day, 0 to 24.
  case hours
  /// Names side by side: the n-th is at n, n − ½ to n + ½ is its own.
  case band([String])

  /// A linear scale that holds the values, and 0 where told; one of some length where they are alike or none.
  public static func covering(_ values: some Sequence<Double>, zero: Bool = true) -> Scale {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { return .linear(0...1) }
    if zero { (low, high) = (min(low, 0), max(high, 0)) }
    if high - low <= abs(high) * 1e-9 {
      let margin = high == 0 ? 1 : abs(high) * 0.1
      (low, high) = zero && low >= 0 ? (0, margin) : (low - margin, high + margin)
    }
    return .linear(low...high)
  }

  /// This scale, extended to what another one of its kind shows; the same scale if the other is of another kind.
  func covering(_ other: Scale) -> Scale {
    func both(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> ClosedRange<Double> {
      min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    }
    switch (self, other) {
    case (.linear(let a, let isRounded), .linear(let b, _)): return .linear(both(a, b), isRounded: isRounded)
    case (.counts(let a), .counts(let b)): return .counts(max(a, b))
    case (.logarithmic(let a), .logarithmic(let b)): return .logarithmic(both(a, b))
    case (.time(let a), .time(let b)): return .time(both(a, b))
    case (.spans(let a), .spans(let b)): return .spans(both(a, b))
    default: return self
    }
  }
}

/// A mark on an axis.
struct Tick: Equatable {
  var value: Double
  var label: String
}

/// A scale laid along some pixels.
struct PlacedScale {
  let scale: Scale
  /// Positions of the ends of the axis, px; `from` may be the greater one.
  private(set) var from: Double
  private(set) var to: Double
  /// Range that is shown, in the unit that is linear in pixels.
  private let low: Double
  private let high: Double
  let ticks: [Tick]

  /// - Parameter isHorizontal: labels lie side by side rather than one above the other.
  init(_ scale: Scale, from: Double, to: Double, isHorizontal: Bool, labelSize: Double = 11) {
    self.scale = scale
    self.from = from
    self.to = to
    let length = abs(to - from)
    let maker = TickMaker(length: length, isHorizontal: isHorizontal, size: labelSize)
    switch scale {
    case .linear(let range, let isRounded):
      let made = maker.linear(range, isRounded: isRounded)
      (low, high) = (made.range.lowerBound, made.range.upperBound)
      ticks = made.ticks
    case .counts(let highest):
      let made = maker.linear(0...max(highest, 1), isRounded: true, leastStep: 1)
      (low, high) = (made.range.lowerBound, made.range.upperBound)
      ticks = made.ticks
    case .logarithmic(let range):
      let bottom = max(range.lowerBound, 1e-300)
      let top = max(range.upperBound, bottom * 10)
      (low, high) = (log10(bottom), log10(top))
      ticks = maker.logarithmic(bottom...top)
    case .spans(let range):
      let top = max(range.upperBound, 10)
      (low, high) = (log10(1), log10(top))
      ticks = maker.spans(1...top)
    case .time(let range):
      (low, high) = (range.lowerBound, max(range.upperBound, range.lowerBound + 1))
      ticks = maker.time(low...high)
    case .hours:
      (low, high) = (0, 24)
      ticks = maker.hours()
    case .band(let names):
      (low, high) = (-0.5, Double(max(names.count, 1)) - 0.5)
      ticks = maker.band(names)
    }
  }

  /// A copy moved by `offset` px; its ticks have the same values.
  func moved(by offset: Double) -> PlacedScale {
    var moved = self
    (moved.from, moved.to) = (from + offset, to + offset)
    return moved
  }

  /// The place of a value, px, kept within the axis.
  func place(_ value: Double) -> Double {
    let linear: Double
    switch scale {
    case .logarithmic, .spans: linear = value > 0 ? log10(value) : low
    default: linear = value
    }
    let share = min(max((linear - low) / (high - low), 0), 1)
    return from + (to - from) * share
  }
}
