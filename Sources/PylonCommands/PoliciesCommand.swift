internal import ArgumentParser
internal import Runs

struct PoliciesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policies",
    abstract: "List the policies, or print the parameters of one with their units, defaults and ranges.")
  @Argument(help: "Policy whose parameters to print.", completion: .list(Runner.policyNames)) var name: String?

  mutating func run() throws {
    if let name { return try guarded { try say(PolicyDescription.text(name)) } }
    let lines = Runner.policySummaries.map { "\($0.name): \($0.summary)" }
    try guarded { try say(lines.joined(separator: "\n")) }
  }
}
