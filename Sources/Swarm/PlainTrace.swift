/// A step function read in the plainest way: a walk over all steps for every question.
struct PlainTrace {
  /// Milliseconds and values, rising.
  var stamps: [(at: Int64, value: Double)]
  /// End of the last step.
  var end: Int64
  var wraps: Bool
  /// Shocks, in the order told: so many times the value over [from, until).
  var shocks: [(from: Int64, until: Int64, factor: Double)] = []

  init(constant: Double) {
    stamps = [(0, constant)]
    end = 1
    wraps = false
  }

  /// Rows, of which blanks (without a value) are repeated or lie on the line between their neighbours; `nil` without a
  /// value.
  init?(_ rows: [(at: Int64, value: Double?)], wraps: Bool, interpolates: Bool) {
    guard let first = rows.firstIndex(where: { $0.value != nil }),
      let last = rows.lastIndex(where: { $0.value != nil })
    else { return nil }
    stamps = []
    for place in first...last {
      let row = rows[place]
      guard let before = rows[...place].last(where: { $0.value != nil }),
        let after = rows[place...].first(where: { $0.value != nil }), let low = before.value, let high = after.value
      else { return nil }
      let share = after.at == before.at ? 0 : Double(row.at - before.at) / Double(after.at - before.at)
      stamps.append((row.at, interpolates ? low + (high - low) * share : low))
    }
    self.wraps = wraps
    end = PlainTrace.end(stamps.map(\.at))
    if interpolates { interpolate() }
  }

  private static func differences(_ stamps: [Int64]) -> [Int64] { zip(stamps, stamps.dropFirst()).map { $1 - $0 } }

  /// The step that more than half of the differences are and all are multiples of.
  private static func step(_ differences: [Int64]) -> Int64? {
    guard differences.count > 1, let step = differences.min() else { return nil }
    let even = differences.count { $0 == step }
    return 2 * even > differences.count && differences.allSatisfy { $0 % step == 0 } ? step : nil
  }

  /// The last step is as long as the last three differences if these are alike, else a regular one. If there is none, it
  /// is the difference that a third of them are, if there is one most common, else the median.
  static func end(_ stamps: [Int64]) -> Int64 {
    let differences = differences(stamps)
    guard let last = stamps.last, let length = differences.last else { return stamps.last ?? 0 }
    let isCadence = differences.count > 2 && differences.suffix(3).allSatisfy { $0 == length }
    return last + (isCadence ? length : step(differences) ?? usual(differences))
  }

  private static func usual(_ differences: [Int64]) -> Int64 {
    let sorted = differences.sorted()
    let numbers = sorted.map { one in sorted.count { $0 == one } }
    let most = numbers.max() ?? 0
    let common = Set(zip(sorted, numbers).filter { $0.1 == most }.map(\.0))
    if common.count == 1, most > 1, 3 * most >= sorted.count, let only = common.first { return only }
    return sorted[(sorted.count - 1) / 2]
  }

  /// Fills the gaps of an even trace along the line between their neighbours. (A gap that holds the last value needs
  /// nothing.)
  private mutating func interpolate() {
    let differences = PlainTrace.differences(stamps.map(\.at))
    guard let step = PlainTrace.step(differences) else { return }
    var whole = [stamps[0]]
    for (place, (from, to)) in zip(stamps, stamps.dropFirst()).enumerated() {
      // Three alike in a row are no gaps but another step.
      let before = differences[...place].reversed().prefix { $0 == differences[place] }.count
      let after = differences[place...].prefix { $0 == differences[place] }.count
      let parts = before + after > 3 ? 1 : (to.at - from.at) / step
      for part in 1..<max(1, parts) {
        whole.append((from.at + part * step, from.value + (to.value - from.value) * Double(part) / Double(parts)))
      }
      whole.append(to)
    }
    stamps = whole
  }

  /// The trace's own value; outside the span the nearest, or the span over and over.
  private func plain(_ time: Int64) -> (value: Double, until: Int64) {
    var shift: Int64 = 0
    if wraps {
      let span = end - stamps[0].at
      var rounds = (time - stamps[0].at) / span
      if time - stamps[0].at < 0, (time - stamps[0].at) % span != 0 { rounds -= 1 }
      shift = rounds * span
    }
    let own = time - shift
    if own < stamps[0].at { return (stamps[0].value, stamps[0].at) }
    var place = 0
    while place + 1 < stamps.count, stamps[place + 1].at <= own { place += 1 }
    if place + 1 < stamps.count { return (stamps[place].value, stamps[place + 1].at + shift) }
    return (stamps[place].value, wraps ? end + shift : .max)
  }

  func value(_ time: Int64) -> Double {
    shocks.reduce(plain(time).value) { value, shock in
      time >= shock.from && time < shock.until ? value * shock.factor : value
    }
  }

  /// Bound on the rounding error of a difference of two integrals from the trace's first stamp on, in value × hours: if
  /// the run itself meets nothing but zeros, there is no other error.
  func rounding(_ until: Int64) -> Double {
    let most = stamps.reduce(0) { max($0, abs($1.value)) } * shocks.reduce(1) { $0 * max(1, $1.factor) }
    return 1e-15 * most * Double(abs(until - stamps[0].at)) / 3_600_000
  }

  /// ∫ |value| and ∫ value over [from, to), in value × hours.
  func integral(_ from: Int64, _ to: Int64) -> (sum: Double, size: Double) {
    var (sum, size) = (0.0, 0.0)
    var at = from
    while at < to {
      var next = min(to, plain(at).until)
      for shock in shocks {
        for edge in [shock.from, shock.until] where edge > at && edge < next { next = edge }
      }
      let part = value(at) * Double(next - at) / 3_600_000
      sum += part
      size += abs(part)
      at = next
    }
    return (sum, size)
  }
}

/// Instants and spans of scenario files and results.
enum PlainTime {
  /// Milliseconds since 1970 of `2020-01-06T00:00:00.000Z` (seconds and their fraction may be absent) or of epoch
  /// seconds.
  static func instant(_ text: String) -> Int64? {
    if let seconds = Double(text) { return Int64((seconds * 1000).rounded()) }
    let parts = text.split { "-T:Z".contains($0) }
    guard parts.count >= 5, text.last == "Z" else { return nil }
    let numbers = parts.prefix(5).compactMap { Int64($0) }
    guard numbers.count == 5, let seconds = parts.count > 5 ? Double(parts[5]) : 0 else { return nil }
    let days = days(numbers[0], numbers[1], numbers[2])
    return ((days * 24 + numbers[3]) * 60 + numbers[4]) * 60_000 + Int64((seconds * 1000).rounded())
  }

  /// Days since 1970-01-01, by counting years and months.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
    var days: Int64 = 0
    for at in min(year, 1970)..<max(year, 1970) { days += isLeap(at) ? 366 : 365 }
    if year < 1970 { days = -days }
    let lengths: [Int64] = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return days + lengths.prefix(Int(month) - 1).reduce(0, +) + day - 1
  }

  /// Milliseconds of `90s`, `1.5h` or a number of seconds.
  static func span(_ text: String) -> Int64? {
    let units: [Character: Double] = ["w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1]
    let unit = text.last.flatMap { units[$0] }
    return Double(unit == nil ? text : String(text.dropLast())).map { Int64(($0 * (unit ?? 1) * 1000).rounded()) }
  }
}
