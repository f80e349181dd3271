public import Domain

/// A trace of half hours put together from the answers for windows that follow each other.
public struct HalfHours: Sendable {
  /// Settlement periods of Great Britain, milliseconds.
  public static let step: Int64 = 1_800_000

  /// Half hours that no answer tells of.
  public struct Missing: Hashable, Sendable {
    public var from: Instant
    public var to: Instant
    /// The zones' names.
    public var zones: [String]

    public var count: Int { Int((to - from).milliseconds / HalfHours.step) }
  }

  public let names: [String]
  public let table: TraceTable
  public let missing: [Missing]
  /// Values that an answer tells twice, not the same both times: the later one stands.
  public let contradictions: Int
  /// Values below zero: how many there were, and the first of the first zone that has any.
  public let negatives: (count: Int, first: (zone: String, at: Instant, value: Double)?)

  /// - Parameters:
  ///   - parts: the windows in their order, without overlap, each a whole number of half hours, with their answers. Of
  ///     an answer only what lies in its window counts: the API tells the period that ends at a window's start too.
  ///   - gaps: how half hours between others are filled; with `error` they are left out of the table.
  ///   - clip: whether negative values are set to 0.
  public init(_ parts: [(window: Range<Instant>, answer: IntensityAnswer)], gaps: GapRule, clip: Bool = false) {
    precondition(!parts.isEmpty, "no window")
    names = parts[0].answer.names
    var columns: [TraceColumn] = []
    var holes: [(from: Int64, to: Int64, zone: Int)] = []
    var contradictions = 0
    var negatives: (count: Int, first: (zone: String, at: Instant, value: Double)?) = (0, nil)
    for zone in names.indices {
      var own = OwnSteps()
      for part in parts { own.add(part.answer.steps[zone], within: part.window) }
      contradictions += own.contradictions
      let below = own.steps.indices.filter { own.steps[$0].value < 0 }
      if let first = below.first, negatives.count == 0 {
        negatives.first = (names[zone], Instant(milliseconds: own.steps[first].start), own.steps[first].value)
      }
      negatives.count += below.count
      if clip { for place in below { own.steps[place].value = 0 } }
      let whole = parts[0].window.lowerBound.milliseconds..<parts[parts.count - 1].window.upperBound.milliseconds
      let found = HalfHours.holes(in: own.steps, whole)
      holes += found.map { ($0.lowerBound, $0.upperBound, zone) }
      var filled = 0
      if gaps != .error { filled = own.fill(found, gaps) }
      columns.append(
        TraceColumn(
          steps: own.steps, end: (own.steps.last?.start ?? whole.lowerBound) + HalfHours.step, gapsFilled: filled,
          clipped: clip ? below.count : 0, duplicates: own.duplicates))
    }
    table = TraceTable(columns: columns, sentinels: parts.reduce(0) { $0 + $1.answer.sentinels })
    self.contradictions = contradictions
    self.negatives = negatives
    missing = HalfHours.gathered(holes, names)
  }

  private static func holes(in steps: [(start: Int64, value: Double)], _ whole: Range<Int64>) -> [Range<Int64>] {
    var holes: [Range<Int64>] = []
    var next = whole.lowerBound
    for step in steps {
      if step.start > next { holes.append(next..<step.start) }
      next = step.start + HalfHours.step
    }
    if next < whole.upperBound { holes.append(next..<whole.upperBound) }
    return holes
  }

  /// Holes of the same span are told once, by the span's start, then its end.
  private static func gathered(_ holes: [(from: Int64, to: Int64, zone: Int)], _ names: [String]) -> [Missing] {
    var missing: [Missing] = []
    for hole in holes.sorted(by: { ($0.from, $0.to, $0.zone) < ($1.from, $1.to, $1.zone) }) {
      let span = (Instant(milliseconds: hole.from), Instant(milliseconds: hole.to))
      if let last = missing.last, (last.from, last.to) == span {
        missing[missing.count - 1].zones.append(names[hole.zone])
      } else {
        missing.append(Missing(from: span.0, to: span.1, zones: [names[hole.zone]]))
      }
    }
    return missing
  }
}

/// One zone's half hours, rising.
private struct OwnSteps {
  var steps: [(start: Int64, value: Double)] = []
  var duplicates = 0
  var contradictions = 0

  mutating func add(_ told: [(start: Int64, value: Double)], within window: Range<Instant>) {
    let inside = told.enumerated().filter { window.contains(Instant(milliseconds: $0.element.start)) }
    for (_, step) in inside.sorted(by: { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }) {
      guard let last = steps.last, last.start == step.start else {
        steps.append(step)
        continue
      }
      if last.value == step.value { duplicates += 1 } else { contradictions += 1 }
      steps[steps.count - 1].value = step.value
    }
  }

  /// Fills the holes that lie between steps; returns how many half hours that were.
  mutating func fill(_ holes: [Range<Int64>], _ rule: GapRule) -> Int {
    guard !holes.isEmpty, let first = steps.first?.start else { return 0 }
    var whole: [(start: Int64, value: Double)] = []
    var filled = 0
    for step in steps {
      if step.start > first, let before = whole.last, before.start + HalfHours.step < step.start {
        let parts = (step.start - before.start) / HalfHours.step
        for part in 1..<parts {
          let share = Double(part) / Double(parts)
          let value = rule == .hold ? before.value : before.value + (step.value - before.value) * share
          whole.append((before.start + part * HalfHours.step, value))
          filled += 1
        }
      }
      whole.append(step)
    }
    steps = whole
    return filled
  }
}
