internal import Domain
internal import Policies
internal import PolicyConformance
internal import Randomness

extension SwarmDrawing {
  /// Up to five of them, one perhaps twice; half with parameters.
  mutating func drawPolicies(_ names: [String]) -> [(name: String, part: SwarmScenario.Part)] {
    var left = names
    var chosen: [String] = []
    for _ in 0...random.below(4) where !left.isEmpty { chosen.append(left.remove(at: random.below(left.count))) }
    if random.chance(0.2) { chosen.append(chosen[0]) }
    return chosen.map { ($0, drawPolicy($0)) }
  }

  private mutating func drawPolicy(_ name: String) -> SwarmScenario.Part {
    guard random.chance(0.6), let entry = PolicyCatalog.entry(name) else { return SwarmScenario.Part(text: name) }
    if name == "operator-manual", random.chance(0.35), let file = drawDecisions() {
      let shown = one(of: ["", ", recommend: cheapest", ", recommend: deadline-aware"])
      return SwarmScenario.Part(text: "{\(name): {decisions: \(file)\(shown)}}")
    }
    var parameters = ParameterDrawing.draw(entry.parameters, &random)
    var zones: Set<String> = []
    if name == "operator-manual" {
      // Reviews that take years each end a run after centuries, whose traces no table is to hold.
      if case .number(let fatigue) = parameters.values["fatigue"], fatigue > 2 {
        parameters.values["fatigue"] = .number(2)
      }
      for place in 0..<(1 + random.below(2)) {
        let favourite = one(of: codes)
        zones.insert(favourite)
        let keys: [(String, String)] = [
          ("name", "person \(place)"), ("favourite", favourite),
          ("shift", one(of: ["06:00-05:59", "09:00-17:00", "22:00-06:00"])), ("days", one(of: ["mon-sun", "mon-fri"])),
          ("utc_offset", one(of: ["0h", "-5h", "+5:30"])),
        ]
        if place == 0, random.chance(0.3) {
          parameters.values["times.0"] = .text("12:00")
          parameters.values["times.1"] = .text(one(of: ["09:30", "23:59", "00:00"]))
        }
        for (key, value) in keys { parameters.values["operators.\(place).\(key)"] = .text(value) }
      }
    }
    let values = parameters.values.sorted { $0.key < $1.key }
    guard !values.isEmpty, entry.faults(parameters).isEmpty else { return SwarmScenario.Part(text: name) }
    // A span has a unit in a scenario.
    let spans = Set(entry.parameters.filter { $0.kind == .span }.map(\.name))
    func written(_ name: String, _ value: ParameterValue) -> ParameterValue {
      guard case .number(let seconds) = value, spans.contains(name) else { return value }
      return .text(SwarmText.span(Int64(seconds * 1000)))
    }
    let keys = SwarmDrawing.nested(
      values.map { ($0.key.split(separator: ".").map(String.init)[...], written($0.key, $0.value)) })
    return SwarmScenario.Part(text: "{\(name): \(keys)}", zones: zones)
  }

  /// Dotted names as mappings within each other, places as lists. Values are sorted by name.
  private static func nested(_ values: [(name: ArraySlice<String>, value: ParameterValue)]) -> String {
    var heads: [String] = []
    for value in values where heads.last != value.name.first { heads.append(value.name.first ?? "") }
    let isList = heads.allSatisfy { Int($0) != nil }
    let items = heads.map { head in
      let own = values.filter { $0.name.first == head }.map { (name: $0.name.dropFirst(), value: $0.value) }
      let text = own.count == 1 && own[0].name.isEmpty ? scalar(own[0].value) : nested(own)
      return isList ? text : "\(head): \(text)"
    }.joined(separator: ", ")
    return isList ? "[\(items)]" : "{\(items)}"
  }

  private static func scalar(_ value: ParameterValue) -> String {
    switch value {
    case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case .flag(let flag): "\(flag)"
    case .text(let text): SwarmText.quoted(text)
    }
  }

  mutating func drawEvents(_ jobs: SwarmScenario.Jobs) -> [SwarmScenario.Part] {
    guard random.chance(0.55), duration > 60_000 else { return [] }
    var shocks: Set<String> = []
    return (0...random.below(6)).map { _ in
      var event = drawEvent(jobs)
      // What the factors of one time come to has a limit.
      if event.text.contains("factor: 1000}"), !shocks.insert(String(event.text.prefix { $0 != ":" })).inserted {
        event.text = event.text.replacing("factor: 1000}", with: "factor: 3}")
      }
      return event
    }
  }

  private mutating func drawEvent(_ jobs: SwarmScenario.Jobs) -> SwarmScenario.Part {
    let isGenerated = jobs.isGenerated
    var some: Set<String> = [one(of: codes)]
    if random.chance(0.2) { some.insert(one(of: codes)) }
    let zones = codes.filter { some.contains($0) }
    let grain: Int64 = one(of: [60_000, 1])
    let at = Int64(random.uniform() * Double(duration)) / grain * grain
    let from = random.chance(0.3) ? Instant(milliseconds: start + at).iso8601 : SwarmText.span(at)
    let length = max(1, Int64(random.uniform() * Double(duration) * 0.6) / grain * grain)
    let ends = [SwarmText.span(at + length), Instant(milliseconds: start + at + length).iso8601]
    let lasts = random.chance(0.75) ? "duration: \(SwarmText.span(length))" : "until: \(one(of: ends))"
    let quoted = zones.map { SwarmText.quoted($0) }
    let place = "zone: \(quoted.count == 1 && random.chance(0.8) ? quoted[0] : "[\(quoted.joined(separator: ", "))]")"
    // Ways to write the same, by what was drawn already.
    let isOdd = at / grain % 2 == 1
    let begins = "\(isOdd ? "at" : "from"): \(from)"
    switch random.below(isGenerated ? 9 : 8) {
    case 0...2:
      let running = one(of: ["finish", "suspend", "fail"])
      return SwarmScenario.Part(
        text: "outage: {\(place), \(begins), \(lasts), running: \(running)}", zones: some)
    case 3...5:
      let amount = one(of: [
        "cpu_cores: 3", isOdd ? "factor: 0.4" : "factor: 40%", "factor: 1.7", "cpu_cores: 12, memory_gb: 20",
        "factor: 0",
        isOdd ? "gpus: {factor: 0.5}" : "gpus: 50%",
      ])
      let end = random.chance(0.7) ? ", \(lasts)" : ""
      return SwarmScenario.Part(text: "capacity: {\(place), \(begins)\(end), \(amount)}", zones: some)
    case 8:
      var classes = ""
      if case .generated(let text) = jobs, text.contains("class-0"), random.chance(0.5) {
        classes = ", classes: [class-0]"
      }
      return SwarmScenario.Part(
        text: "surge: {\(begins), \(lasts), factor: \(one(of: ["0.5", "2.5", "0"]))\(classes)}")
    default:
      let isEverywhere = random.chance(0.4)
      let factor = one(of: ["0", "0.25", "3", "1000"])
      return SwarmScenario.Part(
        text:
          "\(one(of: ["carbon", "price"])): {\(isEverywhere ? "" : place + ", ")\(begins), \(lasts), "
          + "factor: \(factor)}", zones: isEverywhere ? [] : some)
    }
  }
}
