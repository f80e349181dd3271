internal import ArgumentParser
internal import Experiments
internal import Foundation

struct WhatIfCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whatif", abstract: "Run a scenario and variants of it on the same jobs and tell what changed.",
    discussion: """
      All --set together are one variant; a file has many by name: variants: {more-gpus: \
      {zones.GB-LONDON.capacity.gpus: 64}}. Every variant has as many replications as the base.
      """)
  @Argument(help: "The scenario file.") var scenario: String
  @OptionGroup var changes: OverrideOptions
  @Option(help: "A file of named variants.") var variants: String?
  @Option(name: .customLong("base-set"), help: "key.path=value: change the base and every variant; may be repeated.")
  var common: [String] = []
  @Option(help: "How many replications; else as the scenario says.") var replications: Int?
  @Option(help: "The seed.") var seed: UInt64?
  @Option(help: "How it is written: text, csv, json or markdown.") var format: ResultComparison.Format = .text
  @Option(help: "A figure that is wanted, or all; may be repeated.") var metric: [String] = []
  @Option(help: "Of the intervals.") var confidence = 0.95
  @OptionGroup var parallel: ParallelOptions
  @Flag(help: "Show no progress.") var quiet = false

  mutating func run() throws {
    var shared = try OverrideOptions.pairs(of: common, option: "--base-set")
    if let replications { shared.append(("replications", String(replications))) }
    let own = try changes.pairs()
    let bar = !quiet && isatty(2) == 1 ? ProgressLine() : nil
    let report = try guarded {
      defer { bar?.clear() }
      let question = try WhatIf(
        path: scenario, common: shared, overrides: own, variantFile: variants, seed: seed, metrics: metric,
        confidence: confidence)
      return try question.run(threads: parallel.threads, progress: bar.map { bar in { bar.show($0) } })
    }
    let text = report.written(as: format)
    try guarded { try format == .text ? say(text) : sayDocument(text) }
  }
}
