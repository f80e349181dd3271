internal import ArgumentParser
internal import Domain

struct WorkloadGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Generate the jobs of a scenario's workload and write them as CSV.")
  @OptionGroup var options: ScenarioOptions
  @Option(help: "CSV file to write.") var out: String
  @Option(help: "Replication whose jobs to write, from 1.") var replication = 1

  mutating func run() throws {
    let opened = try options.open()
    let count = try guarded { try opened.writeWorkload(to: out, replication: replication) }
    try guarded { try say("written: \(out) (\(counted(count, "job")))") }
  }
}
