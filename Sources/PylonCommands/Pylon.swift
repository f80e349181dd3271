internal import ArgumentParser
internal import Domain
internal import Foundation
public import Policies
internal import Runs

/// The command line, for an executable of its own: `pylon` itself, or one that knows a researcher's policies too.
///
///     @main struct Mine { static func main() { PylonCommandLine.main(adding: [MyPolicy.entry]) } }
public enum PylonCommandLine {
  /// Reads the process's arguments, does what they say and leaves with the contract's status.
  ///
  /// - Parameter policies: of names of their own, beside the project's.
  public static func main(adding policies: [PolicyCatalog.Entry] = []) {
    for policy in policies { PolicyCatalog.add(policy) }
    Pylon.main()
  }
}

struct Pylon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pylon", abstract: "Simulate what a scheduling policy would have emitted, cost and delayed.",
    version: ProgramVersion.text,
    subcommands: [
      RunCommand.self, ValidateCommand.self, PoliciesCommand.self, AuditCommand.self, CompareCommand.self,
      CheckCommand.self,
      ExplainCommand.self,
      WhatIfCommand.self, SweepCommand.self, TuneCommand.self, SwarmCommand.self,
      PlotCommand.self, ReportCommand.self, ReplayCommand.self, TraceCommand.self,
      WorkloadCommand.self, InitCommand.self, CompletionsCommand.self, ManCommand.self,
    ])

  /// Usage errors leave with 2, as bad input does (contract §7).
  static func main() {
    StandardStreams.prepare()
    StandardStreams.demandDescriptors()
    // A file that grows past a limit is an error like any other, not the end.
    signal(SIGXFSZ, SIG_IGN)
    let watched = Interruption.watch()
    defer { withExtendedLifetime(watched) {} }
    do {
      try demandKnownCommand(CommandLine.arguments.dropFirst())
      try demandSingleOptions(CommandLine.arguments.dropFirst())
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      if code == .success {
        // Help and the version.
        do { try say(fullMessage(for: error)) } catch {
          complain("pylon: \(error)")
          Foundation.exit(3)
        }
        Foundation.exit(0)
      }
      if let known = error as? ExitCode { Foundation.exit(known.rawValue) }
      complain(usageMessage(for: error))
      Foundation.exit(2)
    }
  }
}

extension Pylon {
  /// A usage error with the usage of the command that was called: ArgumentParser gives that of `pylon` for an error
  /// that a command throws itself.
  private static func usageMessage(for error: any Error) -> String {
    let text = hinted(fullMessage(for: error))
    let (command, path) = called(CommandLine.arguments.dropFirst())
    guard path != "pylon", let usage = text.range(of: "\nUsage: ") else { return text }
    return text[..<usage.lowerBound] + "\nUsage: \(usageString(for: command))\n"
      + "  See '\(path) --help' for more information."
  }

  /// A message on an unknown value of an option, with the value that was probably meant.
  private static func hinted(_ text: String) -> String {
    guard let match = text.firstMatch(of: #/The value '([^']*)' is invalid for '[^']*'\. Please provide one of/#)
    else { return text }
    let rest = text[match.range.upperBound...]
    let end = rest.range(of: "\nHelp:")?.lowerBound ?? rest.range(of: "\nUsage:")?.lowerBound ?? rest.endIndex
    let listed = rest[..<end].split(separator: "\n").filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
    let quoted = rest[..<end].matches(of: #/'([^']+)'/#).map { String($0.1) }
    guard let near = nearest(to: String(match.1), among: listed.isEmpty ? quoted : listed) else { return text }
    return text[..<end] + "\nDid you mean \(near)?" + text[end...]
  }

  /// The command that the first arguments name, and its name with those of the commands above it.
  private static func called(
    _ arguments: ArraySlice<String>
  ) -> (command: any ParsableCommand.Type, path: String) {
    var command: any ParsableCommand.Type = Pylon.self
    var path = "pylon"
    for word in arguments {
      guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else { break }
      command = next
      path += " " + word
    }
    return (command, path)
  }

  /// Refuses an option that takes one value and is given twice, in any command.
  private static func demandSingleOptions(_ arguments: ArraySlice<String>) throws {
    let (command, path) = called(arguments)
    let words = arguments.dropFirst(path.split(separator: " ").count - 1)
    guard words.count(where: { $0.hasPrefix("-") }) > 1,
      let description = try? CommandDescription(dump: command._dumpHelp())
    else { return }
    try RepeatedOptions.demandNone(in: words, of: description)
  }

  /// Refuses the name of a command that does not exist, with the one that was probably meant.
  static func demandKnownCommand(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    var command: any ParsableCommand.Type = Pylon.self
    var path = "pylon"
    while let word = rest.first, !word.hasPrefix("-"), !command.configuration.subcommands.isEmpty {
      if word == "help" { return }
      let commands = command.configuration.subcommands
      let names = commands.map { command in command._commandName } + ["help"]
      guard let index = names.firstIndex(of: word) else {
        let hint = nearest(to: word, among: names).map { "; did you mean \($0)?" } ?? ""
        throw ValidationError(
          "\(path): found \"\(word)\", expected one of \(names.joined(separator: ", "))\(hint)")
      }
      rest = rest.dropFirst()
      command = commands[index]
      path += " " + word
    }
  }
}
