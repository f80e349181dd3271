internal import ArgumentParser
internal import Experiments

struct AuditResult: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Recompute every figure of a result from its rows.",
    discussion: "Exit status: 0 everything that could be checked agrees, 1 a check failed, 2 no readable result.")
  @Argument(help: "A results.sqlite; it is only read.") var result: String
  @Flag(help: "Print failures only.") var quiet = false

  mutating func run() throws {
    let audit = try guarded { try ResultAudit(path: result) }
    let text = quiet ? audit.failures : audit.text
    if !text.isEmpty { try guarded { try say(text) } }
    if !audit.passed { throw ExitCode(1) }
  }
}
