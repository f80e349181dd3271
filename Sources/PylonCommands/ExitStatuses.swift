internal import ArgumentParser

/// A command whose exit statuses mean more, or something else, than those of most commands.
protocol StatusDescribing: ParsableCommand {
  /// Those that differ, with their meanings.
  static var statuses: [Int: String] { get }
}

/// The exit statuses of a command, for its manual page.
enum ExitStatuses {
  private static let usual = [
    0: "success", 2: "bad input or usage", 3: "any other error, such as a full disk or an interruption",
  ]

  /// - Parameter path: the command's name behind those of the commands above it, without `pylon`.
  /// - Returns: in ascending order.
  static func meanings(of path: ArraySlice<String>) -> [(status: Int, meaning: String)] {
    var command: any ParsableCommand.Type = Pylon.self
    for name in path {
      guard let next = command.configuration.subcommands.first(where: { $0._commandName == name }) else { break }
      command = next
    }
    let own = (command as? any StatusDescribing.Type)?.statuses ?? [:]
    return usual.merging(own) { $1 }.sorted { $0.key < $1.key }.map { (status: $0.key, meaning: $0.value) }
  }
}

extension Pylon: StatusDescribing {
  static let statuses = [
    1: "the work was done and its outcome is negative: a check or an audit failed, check --record changed a baseline, "
      + "tune found no point that satisfies the constraints, or swarm found a broken rule"
  ]
}
