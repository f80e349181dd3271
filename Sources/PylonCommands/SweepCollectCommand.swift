internal import ArgumentParser

struct SweepCollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Collect the tables of all units.",
    discussion: "Exits with 3 if units are missing or failed, and lists them.")
  @OptionGroup var options: SweepOptions

  mutating func run() throws {
    let sweep = try options.open()
    try guarded { try say(sweep.collect()) }
  }
}

extension SweepCollectCommand: StatusDescribing {
  static let statuses = [3: "units are missing or failed, or any other error"]
}
