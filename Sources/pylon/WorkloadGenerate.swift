internal import ArgumentParser
internal import Domain
internal import Experiments

struct WorkloadGenerate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Write the jobs that a scenario's workload is drawn into as a job log (CSV).")
  @OptionGroup var options: ScenarioOptions
  @Option(help: "The file to write.") var out: String
  @Option(help: "Which replication's jobs.") var replication = 1

  mutating func run() throws {
    let opened = try options.open()
    let count = try guarded { try opened.writeWorkload(to: out, replication: replication) }
    try guarded { try say("written: \(out) (\(counted(count, "job")))") }
  }
}
