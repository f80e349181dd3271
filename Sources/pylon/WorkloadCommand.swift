internal import ArgumentParser

struct WorkloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workload", abstract: "Make job logs.", subcommands: [WorkloadGenerate.self])
}
