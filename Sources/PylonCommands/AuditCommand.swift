internal import ArgumentParser
internal import Runs

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Recompute every metric of a result from its rows.",
    discussion: "Exits with 0 if everything that could be checked agrees, 1 if a check failed, 2 if the result cannot "
      + "be read.")
  @Argument(help: "A results.sqlite file, or the folder that holds it; it is opened read-only.") var result: String
  @Flag(help: "Print failures only.") var quiet = false

  mutating func run() throws {
    let audit = try guarded { try ResultAudit(path: ResultFile.path(of: result)) }
    let text = quiet ? audit.failures : audit.text
    if !text.isEmpty { try guarded { try say(text) } }
    if !audit.passed { throw ExitCode(1) }
  }
}

extension AuditCommand: StatusDescribing {
  static let statuses = [1: "a check of the audit failed", 2: "bad usage, or a result that cannot be read"]
}
