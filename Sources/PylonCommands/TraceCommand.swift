internal import ArgumentParser
internal import Domain

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Convert, describe, generate or fetch carbon and price traces.",
    discussion: TraceOptions.formats,
    subcommands: [
      TraceImportCommand.self, TraceDescribeCommand.self, TraceGenerateCommand.self, TraceFetchCommand.self,
    ])
}
