internal import ArgumentParser
internal import Domain

struct WorkloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workload", abstract: "Convert, describe or generate job files.",
    subcommands: [WorkloadImportCommand.self, WorkloadDescribeCommand.self, WorkloadGenerateCommand.self])
}
