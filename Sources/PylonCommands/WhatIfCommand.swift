internal import ArgumentParser
internal import Foundation
internal import Reports
internal import Runs
internal import Studies

struct WhatIfCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whatif", abstract: "Run a scenario and variants of it on the same jobs and print what changed.",
    discussion: """
      All --set options together make one variant. A file can hold several named variants: variants: {more-gpus: \
      {zones.GB-LONDON.capacity.gpus: 64}}. In keys, * stands for every zone or class: zones.*.capacity.gpus. + appends \
      to a list: 'events.+={price: {from: 0h, factor: 2}}' doubles prices. Every variant has as many replications as the base.
      """)
  @Argument(help: "Scenario file.") var scenario: String
  @OptionGroup var changes: OverrideOptions
  @Option(help: "File of named variants.") var variants: String?
  @Option(
    name: .customLong("base-set"),
    help: "Change a key of the base and of every variant: key.path=value; may be repeated.")
  var common: [String] = []
  @Option(help: "Policy to compare, instead of the scenario's policies; may be repeated.") var policy: [String] = []
  @Option(help: "Number of replications; default: the scenario's.") var replications: Int?
  @Option(help: "Seed of the random numbers.") var seed: UInt64?
  @Option(help: "Output format: text, csv, json or markdown.") var format: ResultComparison.Format = .text
  @Option(help: "A metric to print, or all; may be repeated.") var metric: [String] = []
  @Option(help: "Confidence level of the intervals.") var confidence = 0.95
  @OptionGroup var parallel: ParallelOptions
  @Option(
    name: .shortAndLong,
    help: "Also write an HTML page with the maps and charts of base and variants side by side to this file.")
  var out: String?
  @Flag(help: "Also print the metrics that did not change, in text and Markdown.") var all = false
  @Flag(help: "Show no progress.") var quiet = false

  mutating func run() throws {
    let shared = try OverrideOptions.pairs(of: common, option: "--base-set")
    let own = try changes.pairs()
    let bar = !quiet && isatty(2) == 1 ? ProgressLine() : nil
    let progress = bar.map { bar in { (progress: RunProgress) in bar.show(progress) } }
    let found: (WhatIfReport, String?) = try guarded {
      defer { bar?.clear() }
      try FileIdentity.demandOther(out, than: [scenario] + (variants.map { [$0] } ?? []))
      try PageFile.html.check(out)
      let question = try WhatIf(
        path: scenario, common: shared, overrides: own, variantFile: variants, policies: policy, seed: seed,
        replications: replications, metrics: metric, confidence: confidence)
      try FileIdentity.demandOther(out, than: question.files)
      guard out != nil else { return (try question.run(threads: parallel.threads, progress: progress), nil) }
      let (report, page) = try question.runWithPage(threads: parallel.threads, progress: progress)
      return (report, page)
    }
    let text = found.0.written(as: format, all: all)
    try guarded {
      try format == .text ? say(text) : sayDocument(text)
      guard let out, let page = found.1 else { return }
      try TextFile.write(page, to: out)
      // Another format's output is a document, which this is no part of.
      if format == .text { try say("\nwritten: \(out)") } else { complain("written: \(out)") }
    }
  }
}
