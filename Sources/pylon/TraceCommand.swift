internal import ArgumentParser

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Work with carbon and price traces.", subcommands: [TraceGenerate.self])
}
