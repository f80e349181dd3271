import Domain

/// The rules of a ``TableMapping`` for the stamps of one series: several values of a stamp, and stamps at ends.
struct StampRules {
  typealias Step = (start: Int64, value: Double)

  var steps: [Step]
  /// Stamps of rows without a value.
  var blanks: [Int64]
  /// Stamps that had values which differ.
  private(set) var resolved = 0
  /// Stamps that had several values, alike or not.
  private(set) var repeated: [Int64] = []
  /// The end of the last interval, if stamps are ends.
  private(set) var end: Int64?
  /// The stamps of the file by those that replace them.
  private var written: [Int64: Int64] = [:]

  init(steps: [Step], blanks: [Int64]) {
    self.steps = steps
    self.blanks = blanks
  }

  /// The stamp of the file that a stamp stands for.
  func written(_ stamp: Int64) -> Int64 { written[stamp] ?? stamp }

  /// Leaves one value per stamp; rows of one stamp count in the order of the file.
  mutating func resolve(_ rule: TableMapping.Duplicates) {
    guard rule != .error, steps.count > 1 else { return }
    let order = steps.indices.sorted { (steps[$0].start, $0) < (steps[$1].start, $1) }
    var kept: [Step] = []
    kept.reserveCapacity(steps.count)
    var low = 0
    while low < order.count {
      var high = low + 1
      while high < order.count, steps[order[high]].start == steps[order[low]].start { high += 1 }
      let values = order[low..<high].map { steps[$0].value }
      if values.count > 1 { repeated.append(steps[order[low]].start) }
      // Values that were refused are NaN and stay, so that nothing is reported twice.
      if values.contains(where: { $0 != values[0] }) { resolved += 1 }
      let value: Double =
        switch rule {
        case .error, .first: values[0]
        case .last: values[values.count - 1]
        case .mean: values.reduce(0, +) / Double(values.count)
        }
      kept.append((steps[order[low]].start, value))
      low = high
    }
    steps = kept
  }

  /// Replaces stamps at the ends of intervals by their starts.
  ///
  /// In a regular trace an interval begins one step before its end; in an irregular one, and at a change of cadence, at
  /// the end of the interval before. The first interval is as long as a regular step, or as ``UsualStep`` determines.
  mutating func moveToStarts() {
    let ends = stamps()
    guard let first = ends.first, let last = steps.map(\.start).max() else { return }
    end = last
    guard ends.count > 1 else { return }
    let differences = zip(ends, ends.dropFirst()).map { $1 - $0 }
    let base = StampRules.base(differences)
    let before = first - (base ?? UsualStep.length(differences))
    var start: [Int64: Int64] = [first: before]
    written[before] = first
    for at in differences.indices {
      let difference = differences[at]
      var length = difference
      if let base, difference > base, difference % base == 0, StampRules.alike(differences, at) < 3 { length = base }
      start[ends[at + 1]] = ends[at + 1] - length
      written[ends[at + 1] - length] = ends[at + 1]
    }
    for at in steps.indices { steps[at].start = start[steps[at].start] ?? steps[at].start }
    blanks = blanks.map { start[$0] ?? $0 }
  }

  /// Every stamp once, rising.
  private func stamps() -> [Int64] {
    let all = (steps.map(\.start) + blanks).sorted()
    return all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }.map { all[$0] }
  }

  /// The step of a regular trace: the most common difference if it makes up 90 % of them, or more than half and all
  /// others are multiples of it.
  private static func base(_ differences: [Int64]) -> Int64? {
    var counts: [Int64: Int] = [:]
    for difference in differences { counts[difference, default: 0] += 1 }
    guard let best = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }) else { return nil }
    if best.value * 10 >= differences.count * 9 { return best.key }
    return best.value * 2 > differences.count && counts.keys.allSatisfy { $0 % best.key == 0 } ? best.key : nil
  }

  /// How many differences in a row, up to three, are alike around one.
  private static func alike(_ differences: [Int64], _ at: Int) -> Int {
    var count = 1
    var low = at
    while low > 0, count < 3, differences[low - 1] == differences[at] {
      count += 1
      low -= 1
    }
    var high = at
    while high + 1 < differences.count, count < 3, differences[high + 1] == differences[at] {
      count += 1
      high += 1
    }
    return count
  }
}
