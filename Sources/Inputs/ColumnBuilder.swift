import Domain

/// Sorts one zone's steps, takes duplicates out and looks for gaps.
struct ColumnBuilder {
  /// Half hours of 57 years: a stamp so far off is a mistake, and would fill the memory.
  static let mostMissing = 1_000_000

  let zone: Int
  var steps: [(start: Int64, value: Double)]
  let gaps: GapRule
  var faults: [StampFault] = []
  private var filled = 0
  private var duplicates = 0

  init(zone: Int, steps: [(start: Int64, value: Double)], gaps: GapRule) {
    self.zone = zone
    self.steps = steps
    self.gaps = gaps
  }

  mutating func build() -> TraceColumn {
    let sorted = zip(steps, steps.dropFirst()).allSatisfy { $0.start <= $1.start }
    if !sorted { steps.sort { $0.start < $1.start } }
    dropDuplicates()
    let lastStep = steps.count > 1 ? steps[steps.count - 1].start - steps[steps.count - 2].start : 0
    let end = (steps.last?.start ?? 0) + lastStep
    handleGaps()
    return TraceColumn(steps: steps, end: end, gapsFilled: filled, clipped: 0, duplicates: duplicates)
  }

  private mutating func dropDuplicates() {
    guard steps.count > 1 else { return }
    var kept = 1
    for at in 1..<steps.count {
      let step = steps[at]
      if step.start == steps[kept - 1].start {
        if step.value == steps[kept - 1].value || step.value.isNaN || steps[kept - 1].value.isNaN {
          duplicates += 1
        } else {
          conflict(steps[kept - 1], step.value)
        }
      } else {
        steps[kept] = step
        kept += 1
      }
    }
    steps.removeLast(steps.count - kept)
  }

  private mutating func conflict(_ first: (start: Int64, value: Double), _ second: Double) {
    let time = Instant(milliseconds: first.start).iso8601
    add(first.start, expected: "one value a stamp") { lines in
      let places = lines.map(String.init).joined(separator: ", ")
      return "\(first.value) and \(second) for \(time) (lines \(places))"
    }
  }

  /// The step of a regular trace: the most common difference, if it makes up 90 % of them, or more than half while
  /// every other one is a multiple of it. Anything else is an irregular trace, which has no gaps.
  private func baseStep() -> Int64? {
    guard steps.count > 2 else { return nil }
    var counts: [Int64: Int] = [:]
    for at in 1..<steps.count { counts[steps[at].start - steps[at - 1].start, default: 0] += 1 }
    guard let best = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }) else { return nil }
    if best.value * 10 >= (steps.count - 1) * 9 { return best.key }
    return best.value * 2 > steps.count - 1 && counts.keys.allSatisfy { $0 % best.key == 0 } ? best.key : nil
  }

  /// A larger multiple of the base step is a gap, unless it is one of three alike in a row (a change of cadence).
  private func isGap(after at: Int, base: Int64) -> Bool {
    let difference = steps[at + 1].start - steps[at].start
    guard difference > base, difference % base == 0 else { return false }
    var alike = 1
    var low = at
    while low > 0, alike < 3, steps[low].start - steps[low - 1].start == difference {
      alike += 1
      low -= 1
    }
    var high = at + 1
    while high + 1 < steps.count, alike < 3, steps[high + 1].start - steps[high].start == difference {
      alike += 1
      high += 1
    }
    return alike < 3
  }

  private mutating func handleGaps() {
    guard let base = baseStep() else { return }
    let places = (0..<(steps.count - 1)).filter { isGap(after: $0, base: base) }
    guard !places.isEmpty else { return }
    if gaps == .error {
      for at in places { gapFault(steps[at].start, steps[at + 1].start, base) }
      return
    }
    let missing = places.reduce(0) { $0 + Int((steps[$1 + 1].start - steps[$1].start) / base) - 1 }
    guard missing <= ColumnBuilder.mostMissing else {
      add(steps[places[0] + 1].start, expected: "at most \(ColumnBuilder.mostMissing) to fill") { _ in
        "\(missing) missing steps"
      }
      return
    }
    var whole: [(start: Int64, value: Double)] = []
    whole.reserveCapacity(steps.count + missing)
    var next = 0
    for at in steps.indices {
      whole.append(steps[at])
      guard next < places.count, places[next] == at else { continue }
      next += 1
      fill(&whole, from: steps[at], to: steps[at + 1], base: base)
    }
    filled = missing
    steps = whole
  }

  private func fill(
    _ whole: inout [(start: Int64, value: Double)], from: (start: Int64, value: Double),
    to: (start: Int64, value: Double), base: Int64
  ) {
    let parts = (to.start - from.start) / base
    for part in 1..<parts {
      let share = Double(part) / Double(parts)
      let value = gaps == .hold ? from.value : from.value + (to.value - from.value) * share
      whole.append((from.start + part * base, value))
    }
  }

  private mutating func gapFault(_ from: Int64, _ to: Int64, _ base: Int64) {
    let first = Instant(milliseconds: from).iso8601
    let second = Instant(milliseconds: to).iso8601
    let minutes = base % 60_000 == 0 ? "\(base / 60_000)" : "\(Double(base) / 60_000)"
    add(to, expected: "a step every \(minutes) minutes, or gaps: hold | interpolate") { _ in
      "nothing between \(first) and \(second)"
    }
  }

  private mutating func add(_ stamp: Int64, expected: String, found: @escaping ([Int]) -> String) {
    guard faults.count <= 2 * IssueList.limit else { return }
    faults.append(StampFault(zone: zone, stamp: stamp, found: found, expected: expected))
  }
}
