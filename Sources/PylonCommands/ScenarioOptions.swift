internal import ArgumentParser
internal import Runs

struct ScenarioOptions: ParsableArguments {
  @Argument(help: "Scenario file.") var scenario: String
  @Option(help: "Use this policy instead of those of the scenario; may be repeated.") var policy: [String] = []
  @Option(help: "Seed of the random numbers.") var seed: UInt64?
  @OptionGroup var changes: OverrideOptions

  /// - Parameter replications: in place of the scenario's.
  func open(replications: Int? = nil) throws -> OpenScenario {
    let pairs = try changes.pairs()
    return try guarded {
      try OpenScenario(
        path: scenario, overrides: pairs, policies: policy, seed: seed, replications: replications)
    }
  }
}

struct OverrideOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: "Change a key of the scenario: key.path=value, such as zones.*.pue=1.2; may be repeated.")
  var overrides: [String] = []

  func pairs() throws -> [(key: String, value: String)] { try OverrideOptions.pairs(of: overrides, option: "--set") }

  static func pairs(of texts: [String], option: String) throws -> [(key: String, value: String)] {
    try texts.map { text in
      guard let at = text.firstIndex(of: "="), at > text.startIndex else {
        throw ValidationError("\(option): found \"\(text)\", expected key.path=value")
      }
      return (key: String(text[..<at]), value: String(text[text.index(after: at)...]))
    }
  }
}
