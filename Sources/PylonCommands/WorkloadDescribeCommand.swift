internal import ArgumentParser

struct WorkloadDescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "describe", abstract: "Print statistics of a job file.")
  @OptionGroup var options: WorkloadOptions

  func run() throws {
    let tools = try options.open(leavesHomesOut: true)
    try guarded { try say(tools.describe()) }
  }
}
