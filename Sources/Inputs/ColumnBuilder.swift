import Domain

/// Sorts one zone's steps, takes duplicates out, fills blanks and gaps, and says where the last step ends.
struct ColumnBuilder {
  /// Half hours of 57 years: a stamp so far off is a mistake, and would fill the memory.
  static let mostMissing = 1_000_000

  let zone: Int
  var steps: [(start: Int64, value: Double)]
  /// Stamps of rows without a value, to be filled; in any order.
  var blanks: [Int64]
  let gaps: GapRule
  /// The stamp after one of a calendar's steps (months, years), whose lengths differ; `nil` for steps of a length.
  var following: ((Int64) -> Int64)?
  var faults: [StampFault] = []
  /// Blanks before the first value or behind the last, which nothing fills.
  private(set) var outerBlanks = 0
  /// The step of the file's most complete series, for series with fewer rows that show none of their own.
  var common: Int64?
  /// The end of the last step if it is less than certain.
  private(set) var assumedEnd: AssumedEnd?
  /// Stamps before which an hour was missing.
  private(set) var afterMissingHours: [Int64] = []
  /// Stamps that occurred twice with the same value.
  private(set) var repeated: [Int64] = []
  private var filled = 0
  private var duplicates = 0

  init(zone: Int, steps: [(start: Int64, value: Double)], blanks: [Int64] = [], gaps: GapRule) {
    self.zone = zone
    self.steps = steps
    self.blanks = blanks
    self.gaps = gaps
  }

  mutating func build() -> TraceColumn {
    let sorted = zip(steps, steps.dropFirst()).allSatisfy { $0.start <= $1.start }
    if !sorted { steps.sort { $0.start < $1.start } }
    dropDuplicates()
    insertBlanks()
    let base = following == nil ? baseStep() : nil
    let end = end(base)
    handleGaps(base)
    fillBlanks()
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
          repeated.append(step.start)
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
    add(
      first.start, expected: "one value per timestamp, or duplicates: first | last | mean", kind: .conflict
    ) { lines in
      let places = lines.map(String.init).joined(separator: ", ")
      return "\(first.value) and \(second) for \(time) (lines \(places))"
    }
  }

  /// Puts blanks among the steps, as infinite values; those that a value stands for are dropped.
  private mutating func insertBlanks() {
    guard !blanks.isEmpty, let first = steps.first?.start, let last = steps.last?.start else {
      outerBlanks = Set(blanks).count
      return
    }
    blanks.sort()
    var whole: [(start: Int64, value: Double)] = []
    whole.reserveCapacity(steps.count + blanks.count)
    var next = 0
    for blank in blanks {
      while next < steps.count, steps[next].start <= blank {
        whole.append(steps[next])
        next += 1
      }
      guard whole.last?.start != blank else { continue }
      if blank > first, blank < last { whole.append((blank, .infinity)) } else { outerBlanks += 1 }
    }
    whole += steps[next...]
    steps = whole
    blanks = []
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

  /// The end of the last step: it is as long as a regular one, or as the last difference if the last three are equal (a
  /// change of cadence); for an irregular trace ``UsualStep`` determines its length.
  private mutating func end(_ base: Int64?) -> Int64 {
    guard let last = steps.last?.start else { return 0 }
    if let following { return following(last) }
    guard steps.count > 1 else { return last }
    let difference = last - steps[steps.count - 2].start
    if alike(steps.count - 2) >= 3 { return last + difference }
    if let base { return last + base }
    let own = UsualStep.length(zip(steps, steps.dropFirst()).map { $1.start - $0.start })
    let length = min(own, common ?? own)
    assumedEnd = AssumedEnd(end: last + length, length: length, difference: difference, isPair: steps.count == 2)
    return last + length
  }

  /// How many differences in a row, up to three, are the one behind a step, itself included.
  private func alike(_ at: Int) -> Int {
    let difference = steps[at + 1].start - steps[at].start
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
    return alike
  }

  /// The stamps that are missing behind a step: of a larger multiple of the base step, unless it is one of three alike
  /// in a row (a change of cadence); of a calendar, the steps up to the next stamp.
  private func stampsMissing(after at: Int, _ base: Int64?) -> Missing? {
    let (from, to) = (steps[at].start, steps[at + 1].start)
    if let following {
      var (stamp, count) = (following(from), 0)
      while stamp > from, stamp < to, count <= ColumnBuilder.mostMissing {
        count += 1
        stamp = following(stamp)
      }
      return count > 0 && stamp == to ? Missing(after: at, count: count, step: 0) : nil
    }
    guard let base, to - from > base, (to - from) % base == 0, alike(at) < 3 else { return nil }
    return Missing(after: at, count: Int((to - from) / base) - 1, step: base)
  }

  private struct Missing {
    /// The step that they follow.
    var after: Int
    var count: Int
    /// 0 for steps of a calendar.
    var step: Int64
  }

  private mutating func handleGaps(_ base: Int64?) {
    guard base != nil || following != nil, steps.count > 1 else { return }
    let places = (0..<(steps.count - 1)).compactMap { stampsMissing(after: $0, base) }
    guard !places.isEmpty else { return }
    let hour: Int64 = 3_600_000
    afterMissingHours = places.filter { $0.step * Int64($0.count) == hour }.map { steps[$0.after + 1].start }
    if gaps == .error {
      for place in places { gapFault(place) }
      return
    }
    let missing = places.reduce(0) { $0 + $1.count }
    guard missing <= ColumnBuilder.mostMissing else {
      add(steps[places[0].after + 1].start, expected: "at most \(ColumnBuilder.mostMissing) to fill") { _ in
        "\(missing) missing steps"
      }
      return
    }
    var whole: [(start: Int64, value: Double)] = []
    whole.reserveCapacity(steps.count + missing)
    var next = 0
    for at in steps.indices {
      whole.append(steps[at])
      guard next < places.count, places[next].after == at else { continue }
      var stamp = steps[at].start
      for _ in 0..<places[next].count {
        stamp = following?(stamp) ?? stamp + places[next].step
        whole.append((stamp, .infinity))
      }
      next += 1
    }
    steps = whole
  }

  /// Gives every blank (an infinite value) the value before it, or one on the line between its neighbours in time.
  private mutating func fillBlanks() {
    var known = 0
    for at in steps.indices {
      guard !steps[at].value.isInfinite else { continue }
      // The first step and the last one have values.
      if at > known + 1 { fill(between: known, and: at) }
      known = at
    }
  }

  private mutating func fill(between low: Int, and high: Int) {
    let (from, to) = (steps[low], steps[high])
    for at in (low + 1)..<high {
      let share = Double(steps[at].start - from.start) / Double(to.start - from.start)
      steps[at].value = gaps == .hold ? from.value : from.value + (to.value - from.value) * share
      filled += 1
    }
  }

  private mutating func gapFault(_ gap: Missing) {
    let (from, to) = (steps[gap.after].start, steps[gap.after + 1].start)
    let first = Instant(milliseconds: from).iso8601
    let second = Instant(milliseconds: to).iso8601
    let minutes = gap.step % 60_000 == 0 ? "\(gap.step / 60_000)" : "\(Double(gap.step) / 60_000)"
    let step = gap.step == 0 ? "a step for each month or year" : "a step every \(minutes) minutes"
    add(to, expected: "\(step), or gaps: hold | interpolate", kind: .gap) { _ in
      "nothing between \(first) and \(second)"
    }
  }

  private mutating func add(
    _ stamp: Int64, expected: String, kind: StampFault.Kind = .other, found: @escaping ([Int]) -> String
  ) {
    guard faults.count <= 2 * IssueList.limit else { return }
    faults.append(StampFault(zone: zone, stamp: stamp, found: found, expected: expected, kind: kind))
  }
}
