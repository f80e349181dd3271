import Randomness

/// Reads `workload.arrivals`.
struct ArrivalDecoding {
  static let rates = "a number > 0 and at most 1e6"
  static let isRate = { @Sendable (rate: Double) in rate > 0 && rate <= 1e6 }

  private let reader: Reader
  private let laws: DistributionDecoding

  init(_ workload: WorkloadDecoding) {
    reader = workload.reader
    laws = DistributionDecoding(reader: reader, directory: workload.directory)
  }

  func arrivals(_ cell: Cell?) -> ArrivalModel? {
    let kinds = ["poisson", "renewal", "daily"]
    let expected = "one of \(kinds.joined(separator: ", "))"
    guard let cell, !reader.refuseKind(cell, of: kinds, beside: ["batch", "jobs"], expected: expected),
      let fields = reader.fields(cell, allowed: kinds + ["batch", "jobs"], expected: "a mapping with \(expected)")
    else { return nil }
    let batch = laws.distribution(fields.optional("batch", else: "1")).flatMap { $0 == .whole(1) ? nil : $0 }
    let jobs = jobs(fields)
    let given = kinds.filter { fields.optional($0) != nil }
    guard given.count == 1, let kind = given.first else {
      // An unknown key in the place of one of them was reported.
      if case .mapping(let entries) = cell.tree.content, given.isEmpty,
        entries.contains(where: { !(kinds + ["batch", "jobs"]).contains($0.key) })
      {
        return nil
      }
      reader.refuse(cell, expected: expected, found: given.isEmpty ? "none" : given.joined(separator: " and "))
      return nil
    }
    let process =
      switch kind {
      case "poisson": poisson(fields.optional(kind))
      case "renewal": renewal(fields.optional(kind))
      default: daily(fields.optional(kind))
      }
    return process.map { ArrivalModel($0, batch: batch, jobs: jobs) }
  }

  func jobs(_ fields: Fields) -> Int? {
    reader.whole(fields.optional("jobs"), expected: "a whole number > 0", in: 1...Int.max)
  }

  private func poisson(_ cell: Cell?) -> ArrivalModel.Process? {
    guard let fields = reader.fields(cell, allowed: ["per_hour", "profile"]) else { return nil }
    let expected = "submissions per hour, > 0 and at most 1e9"
    let rate = reader.number(fields.required("per_hour", expected), expected: expected) { $0 > 0 && $0 <= 1e9 }
    let profile = profile(fields.optional("profile"))
    return rate.map { .poisson(perHour: $0, profile: profile) }
  }

  private func renewal(_ cell: Cell?) -> ArrivalModel.Process? {
    guard let fields = reader.fields(cell, allowed: ["gap", "profile"]) else { return nil }
    let gap = fields.required("gap", "a distribution of time spans").flatMap { laws.distribution($0, unit: .seconds) }
    let profile = profile(fields.optional("profile"))
    guard let gap, let cell = fields.optional("gap") else { return nil }
    // Shorter ones would not move a clock of milliseconds on.
    guard gap.mean >= 1e-6 else {
      reader.refuse(cell, expected: "a mean of at least a microsecond", found: "\(gap.mean)")
      return nil
    }
    return .renewal(gap: gap, profile: profile)
  }

  private func daily(_ cell: Cell?) -> ArrivalModel.Process? {
    guard let fields = reader.fields(cell, allowed: ["weekday", "weekend", "rate", "hourly"]) else { return nil }
    let weekday = bounds(fields.required("weekday", "two whole numbers, the minimum and the maximum"))
    let weekend = bounds(fields.required("weekend", "two whole numbers, the minimum and the maximum"))
    let rate =
      reader.number(
        fields.optional("rate", else: "1"), expected: ArrivalDecoding.rates, where: ArrivalDecoding.isRate) ?? 1
    let hourly = weights(
      fields.optional("hourly", else: ArrivalDecoding.even(24)), count: 24, "24 weights ≥ 0, one per hour, not all 0")
    guard let weekday, let weekend else { return nil }
    let even = [Double](repeating: 1, count: 24)
    return .daily(.init(weekday: weekday, weekend: weekend, rate: rate, hourly: hourly ?? even))
  }

  private func bounds(_ cell: Cell?) -> ClosedRange<Int>? {
    guard let cell else { return nil }
    let expected = "two whole numbers from 0 to 1000000, the minimum and the maximum"
    guard let items = reader.items(cell, expected: expected) else { return nil }
    let numbers = items.compactMap { reader.whole($0, expected: "a whole number", in: 0...1_000_000) as Int? }
    guard numbers.count == items.count else { return nil }
    guard numbers.count == 2, numbers[0] <= numbers[1] else {
      reader.refuse(cell, expected: expected, found: "\(numbers)")
      return nil
    }
    return numbers[0]...numbers[1]
  }

  /// Equal weights.
  private static func even(_ count: Int) -> String {
    "[" + [String](repeating: "1", count: count).joined(separator: ", ") + "]"
  }

  private func profile(_ cell: Cell?) -> WeekProfile? {
    guard let fields = reader.fields(cell, allowed: ["hourly", "weekday"]) else { return nil }
    let hourly = weights(
      fields.optional("hourly", else: ArrivalDecoding.even(24)), count: 24, "24 weights ≥ 0, one per hour, not all 0")
    let weekday = weights(
      fields.optional("weekday", else: ArrivalDecoding.even(7)), count: 7,
      "7 weights ≥ 0, starting with Monday, not all 0")
    return WeekProfile(
      hourly: hourly ?? [Double](repeating: 1, count: 24), weekday: weekday ?? [Double](repeating: 1, count: 7))
  }

  private func weights(_ cell: Cell?, count: Int, _ expected: String) -> [Double]? {
    guard let cell, let items = reader.items(cell, expected: expected) else { return nil }
    let numbers = items.compactMap { reader.number($0, expected: "a weight from 0 to 1e9") { 0...1e9 ~= $0 } }
    guard numbers.count == items.count else { return nil }
    guard numbers.count == count, numbers.contains(where: { $0 > 1e-9 }) else {
      reader.refuse(cell, expected: expected, found: numbers.count == count ? "only zeros" : "\(numbers.count)")
      return nil
    }
    return numbers
  }
}
