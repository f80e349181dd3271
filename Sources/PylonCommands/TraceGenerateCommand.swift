internal import ArgumentParser
internal import Runs

/// `pylon trace generate`, a subcommand of ``TraceCommand``.
struct TraceGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Generate a synthetic grid and write it as CSV.")
  @Option(help: "Model: \(TraceGeneration.models.joined(separator: ", ")).") var synthetic: String
  @Option(help: "Start, such as 2025-01-06T00:00:00Z.") var start: String
  @Option(help: "Duration, such as 7d or 8760h.") var duration: String
  @Option(help: "Seed of the random numbers.") var seed: UInt64 = 0
  @Option(help: "Replication, from 1.") var replication = 1
  @Option(help: "CSV file for the carbon intensity, gCO2/kWh.") var out: String
  @Option(help: "CSV file for the price, GBP/kWh.") var price: String?

  mutating func run() throws {
    let text = try guarded {
      try TraceGeneration.write(
        model: synthetic, start: start, duration: duration, seed: seed, replication: replication, carbon: out,
        price: price)
    }
    try guarded { try say(text) }
  }
}
