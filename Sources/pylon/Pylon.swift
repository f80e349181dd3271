internal import ArgumentParser
internal import Domain
internal import Experiments
internal import Foundation
public import Policies

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
      Run.self, Validate.self, Policies.self, AuditResult.self, CompareCommand.self, CheckCommand.self,
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
    let text = fullMessage(for: error)
    let (command, path) = called(CommandLine.arguments.dropFirst())
    guard path != "pylon", let usage = text.range(of: "\nUsage: ") else { return text }
    return text[..<usage.lowerBound] + "\nUsage: \(usageString(for: command))\n"
      + "  See '\(path) --help' for more information."
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

struct ScenarioOptions: ParsableArguments {
  @Argument(help: "Scenario file.") var scenario: String
  @Option(help: "Run this policy instead of the scenario's; may be repeated.") var policy: [String] = []
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

struct ParallelOptions: ParsableArguments {
  @Option(help: "Number of runs at a time; default: one per core. The result does not depend on it.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...4096).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a whole number from 1 to 4096")
    }
  }
}

/// Prints what stopped the work and leaves with the contract's status.
func guarded<Value>(_ work: () throws -> Value) throws -> Value {
  do { return try work() } catch {
    complain("pylon: \(error)")
    let isInput = (error as? BadInput).map { !$0.isResource } ?? false
    throw ExitCode(isInput ? 2 : 3)
  }
}

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Simulate a scenario.")
  @OptionGroup var options: ScenarioOptions
  @Option(help: "Folder for the tables; default: Results/<name>.") var out: String?
  @Option(help: "Number of replications (or windows), instead of the scenario's.") var replications: Int?
  @OptionGroup var parallel: ParallelOptions
  @Flag(help: "Print errors only.") var quiet = false

  func validate() throws {
    if let replications, !(1...1_000_000).contains(replications) {
      throw ValidationError("--replications: found \(replications), expected a whole number from 1 to 1,000,000")
    }
  }

  mutating func run() throws {
    let opened = try options.open(replications: replications)
    let folder = out ?? "Results/\(opened.name)"
    let figures = out.map { $0 + "/plots" } ?? "Plots/\(opened.name)"
    let bar = !quiet && isatty(2) == 1 ? ProgressLine() : nil
    let text = try guarded {
      defer { bar?.clear() }
      return try opened.run(
        into: folder, figures: figures, threads: parallel.threads, progress: bar.map { bar in { bar.show($0) } })
    }
    if !quiet { try guarded { try say(text) } }
  }
}

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Check a scenario and its inputs.")
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

struct Policies: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the policies, or print the parameters of one with their units, defaults and ranges.")
  @Argument(help: "Policy whose parameters to print.", completion: .list(Runner.policyNames)) var name: String?

  mutating func run() throws {
    if let name { return try guarded { try say(PolicyDescription.text(name)) } }
    let lines = Runner.policySummaries.map { "\($0.name): \($0.summary)" }
    try guarded { try say(lines.joined(separator: "\n")) }
  }
}
