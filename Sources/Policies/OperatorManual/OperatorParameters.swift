internal import Domain
internal import Randomness

extension OperatorManual {
  private static let operators = [
    PolicyParameter(
      "operators.*.name", .text, "name; distinguishes operators and their random streams", standard: "operator-*"),
    PolicyParameter("operators.*.shift", .form(.shift), "local times of the shift", standard: "09:00-17:00"),
    PolicyParameter("operators.*.days", .form(.weekdays), "working days", standard: "mon-fri"),
    PolicyParameter(
      "operators.*.utc_offset", .form(.offset), "local time minus UTC, all year round", standard: "0h"),
    PolicyParameter("operators.*.favourite", .zone, "zone that habit: favourite chooses"),
  ]

  private static let dashboard = [
    PolicyParameter("poll", .span, "time from one look at the dashboard to the next", standard: "12s"),
    PolicyParameter("times.*", .form(.timeOfDay), "local times of day to look at the dashboard, instead of poll"),
    PolicyParameter("batch", .whole(1...Int.max), "largest number of reviews per look; no limit by default"),
    PolicyParameter("review.mean", .span, "mean time of a review", standard: "60s"),
    PolicyParameter(
      "review.cv", .number(0...100), "standard deviation of the review time divided by its mean; 0 for a constant time",
      standard: "0.5"),
    PolicyParameter(
      "review.law", .choice(["lognormal", "gamma"]), "distribution of the review time", standard: "lognormal"),
    PolicyParameter(
      "fatigue", .number(0...100), "growth of the review time per hour on shift", unit: "1/h", standard: "0"),
  ]

  private static let odds: [PolicyParameter] = {
    let choices = [
      ("first", "first recommendation", "0.6"), ("second", "second recommendation", "0.15"),
      ("third", "third recommendation", "0.05"), ("habit", "habit", "0.2"),
    ]
    return choices.map { name, what, standard in
      PolicyParameter(
        "odds.\(name)", .number(0...Double.infinity), "weight of the \(what)", standard: standard,
        beside: .init(choices.map { "odds.\($0.0)" }.filter { $0 != "odds.\(name)" }, "0"))
    }
  }()

  static let entry = PolicyCatalog.Entry(
    name: "operator-manual",
    summary: "operators on shift review pending jobs and choose among recommendations, or their decisions are replayed",
    parameters: operators + dashboard + odds + [
      PolicyParameter(
        "habit", .choice(OperatorHabits.Habit.allCases.map(\.rawValue)),
        "zone of the habit: the job's home zone, the operator's favourite, or the one chosen last", standard: "home"),
      PolicyParameter(
        "recommend", .choice(RecommenderCatalog.entries.map(\.name)), "policy whose ranking is shown to operators",
        standard: "greedy-lowest-carbon"),
      PolicyParameter(
        "decisions", .file, "decisions to replay, instead of operators; columns job_id, decided_at, zone[, start_at]"),
    ], faults: { OperatorParameters($0).faults }, drawsAtRandom: { $0.text("decisions") == nil }
  ) { setup in
    let parameters = OperatorParameters(setup.parameters)
    let name = setup.parameters.text("recommend") ?? "greedy-lowest-carbon"
    guard let recommender = RecommenderCatalog.make(name) else { preconditionFailure("no ranking \(name)") }
    if let record = setup.decisions { return DecisionReplay(record: record, recommender: recommender) }
    return OperatorManual(
      habits: parameters.habits, operators: parameters.operators(setup), recommender: recommender, clock: setup.clock)
  }
}

/// The parameters of `operator-manual` as values.
struct OperatorParameters {
  private let given: PolicyParameters
  /// How many operators there are; one where none is told.
  private let count: Int

  init(_ given: PolicyParameters) {
    self.given = given
    let places = given.values.keys.compactMap { key in
      key.hasPrefix("operators.") ? Int(key.dropFirst(10).prefix { $0 != "." }) : nil
    }
    count = (places.max() ?? 0) + 1
  }

  private func milliseconds(_ name: String, default seconds: Double) -> Int64 {
    Int64((given.number(name, default: seconds) * 1000).rounded())
  }

  private func name(_ place: Int) -> String { given.text("operators.\(place).name") ?? "operator-\(place + 1)" }

  private func looks(_ place: Int) -> LookTimes {
    func text(_ key: String) -> String? { given.text("operators.\(place).\(key)") }
    var looks = LookTimes(interval: milliseconds("poll", default: 12))
    if let (start, length) = text("shift").flatMap({ ParameterForm.shift($0) }) {
      looks.shift.start = start
      looks.shift.length = length
    }
    if let days = text("days").flatMap({ ParameterForm.weekdays($0) }) { looks.shift.days = days }
    if let offset = text("utc_offset").flatMap({ ParameterForm.offset($0) }) { looks.shift.offset = offset }
    var at = 0
    while let time = given.text("times.\(at)") {
      if let time = ParameterForm.timeOfDay(time) { looks.times.append(time) }
      at += 1
    }
    return looks
  }

  /// Once one is named, those that are not are 0.
  private var odds: [Double] {
    let names = ["first", "second", "third", "habit"].map { "odds.\($0)" }
    let standard = names.contains { given.values[$0] != nil } ? [0, 0, 0, 0] : [0.6, 0.15, 0.05, 0.2]
    return zip(names, standard).map { given.number($0, default: $1) }
  }

  /// The law of review times; `nil` where there is none of this mean and spread.
  private var reviewTime: Distribution? {
    let mean = given.number("review.mean", default: 60)
    let spread = given.number("review.cv", default: 0.5)
    if spread == 0 { return try? Distribution.constant(mean) }
    let family = given.text("review.law") == "gamma" ? DistributionFamily.gamma : .lognormal
    return try? family.distribution(["mean": mean, "cv": spread])
  }

  var habits: OperatorHabits {
    guard let reviewTime else { preconditionFailure("review times that were not checked") }
    return OperatorHabits(
      reviewTime: reviewTime, batch: given.whole("batch", default: .max), fatigue: given.number("fatigue", default: 0),
      odds: odds, habit: given.text("habit").flatMap { OperatorHabits.Habit(rawValue: $0) } ?? .home)
  }

  func operators(_ setup: PolicySetup) -> [Operator] {
    (0..<count).map { place in
      let favourite = given.text("operators.\(place).favourite").flatMap { code in
        setup.zones.firstIndex { $0.code == code }
      }
      return Operator(
        looks: looks(place), favourite: favourite, stream: setup.stream("operator-manual/\(name(place))"))
    }
  }

  /// What each value alone does not show.
  var faults: [PolicyParameter.Fault] {
    var faults: [PolicyParameter.Fault] = []
    func refuse(_ key: String, _ found: String, _ expected: String) {
      faults.append(PolicyParameter.Fault(key: key, found: found, expected: expected))
    }
    if milliseconds("poll", default: 12) < 1 { refuse("poll", "no time", "a time span > 0") }
    if milliseconds("review.mean", default: 60) < 1 {
      refuse("review.mean", "no time", "a time span > 0")
    } else if reviewTime == nil {
      refuse("review", "no distribution of this mean and cv", "a mean > 0 and a moderate cv")
    }
    if !(odds.reduce(0, +) > 0 && odds.reduce(0, +).isFinite) { refuse("odds", "no odds above 0", "at least one") }
    var names: Set<String> = []
    for place in 0..<count {
      if !names.insert(name(place)).inserted {
        refuse("operators.\(place).name", name(place), "a unique name")
      }
      if milliseconds("poll", default: 12) >= 1, looks(place).next(at: 0) == nil {
        refuse("times", "no time within the shift of \(name(place))", "at least one")
      }
      if given.text("habit") == "favourite", given.text("operators.\(place).favourite") == nil {
        refuse("operators.\(place).favourite", "none", "a zone's code, as the habit is favourite")
      }
    }
    return faults
  }
}
