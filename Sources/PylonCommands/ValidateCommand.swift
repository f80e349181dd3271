internal import ArgumentParser

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check a scenario and its inputs.")
  @OptionGroup var options: ScenarioOptions
  @Flag(help: "Print the scenario as YAML with every default filled in and presets expanded.") var resolved = false

  mutating func run() throws {
    let opened = try options.open()
    if resolved {
      return try guarded {
        try opened.validate()
        try sayDocument(String(opened.resolved().dropLast()))
      }
    }
    try guarded {
      let notes = try opened.validate().map { "note: \($0)" }
      try say((["\(options.scenario): valid"] + opened.events + notes).joined(separator: "\n"))
    }
  }
}
