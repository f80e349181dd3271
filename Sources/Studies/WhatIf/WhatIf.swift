internal import Domain
internal import Foundation
internal import Metrics
internal import Reports
public import Runs
internal import Scenarios

/// A scenario and variants of it, run on the same jobs: what changed.
public struct WhatIf {
  private let path: String
  private let changes: [(key: String, value: String)]
  private let seed: UInt64?
  /// On what runs beside the policies that were asked for.
  private let policyNotes: [String]
  private let base: Scenario
  private let variants: [ReadVariant]
  /// Empty for the usual ones.
  private let metrics: [String]
  private let confidence: Double

  /// A variant with the scenario that it makes.
  private struct ReadVariant {
    var variant: Variant
    var scenario: Scenario
    var changes: [OverrideChange]
    var name: String { variant.name }
  }

  /// The metrics of a user who asks for none.
  static let shown = [
    Metric.carbon, .cost, .deadlinesMet, .waitMean, .jobsRejected, .jobsUnfinished, .utilizationCPU, .utilizationGPU,
    .utilizationMemory,
  ].map(\.name)

  /// Reads and checks the scenario with every variant.
  ///
  /// - Parameters:
  ///   - common: overrides of the base and of every variant.
  ///   - overrides: those of one variant, which is called by them; empty for none.
  ///   - variantFile: a file of named variants.
  ///   - policies: names or labels of the policies that run, in place of the scenario's; empty for the scenario's.
  ///   - replications: in place of the scenario's; of windows, how many there are.
  ///   - metrics: the figures wanted; empty for the usual ones, `all` for all of them.
  /// - Throws: ``BadInput`` with every fault of every variant.
  public init(
    path: String, common: [(key: String, value: String)] = [], overrides: [(key: String, value: String)],
    variantFile: String? = nil, policies: [String] = [], seed: UInt64? = nil, replications: Int? = nil,
    metrics: [String] = [], confidence: Double = 0.95
  ) throws {
    self.path = path
    self.seed = seed
    var common = common
    var names = common.map { OverrideName.option("--base-set", $0.key, $0.value) }
    if let replications {
      names.append("--replications \(replications)")
      do { common.append((try ScenarioDocument(path: path).replicationsKey, String(replications))) } catch {
        throw BadInput(description: error.description)
      }
    }
    changes = common
    guard confidence >= 0.5, confidence <= 0.9999 else {
      throw BadInput(description: "--confidence: found \(confidence), expected a number from 0.5 to 0.9999")
    }
    try WhatIf.demandKnown(metrics)
    var told: [Variant] = []
    if !overrides.isEmpty {
      let name = overrides.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      told.append(Variant(name: name, overrides: overrides))
    }
    do {
      if let variantFile { told += try Variant.load(path: variantFile) }
      (base, policyNotes) = try WhatIf.scenario(path, common, names, policies, seed)
    } catch let error as InputError {
      throw BadInput(description: error.description)
    }
    guard !told.isEmpty else { throw BadInput(description: "found no variant, expected --set or --variants") }
    variants = try WhatIf.variants(told, path, common, names, policies, seed)
    self.metrics =
      metrics.isEmpty
      ? [] : metrics.contains("all") ? Metric.names : Metric.names.filter { metrics.contains($0) }
    self.confidence = confidence
  }

  private static func demandKnown(_ metrics: [String]) throws {
    let strangers = metrics.filter { $0 != "all" && !Metric.names.contains($0) }
    guard !strangers.isEmpty else { return }
    let near = strangers.compactMap { nearest(to: $0, among: Metric.names) }
    let hint = near.count == strangers.count ? "; did you mean \(near.joined(separator: ", "))?" : ""
    throw BadInput(
      description: "--metric: found \(strangers.joined(separator: ", ")), expected all or some of "
        + Metric.names.joined(separator: ", ") + hint)
  }

  /// - Throws: ``BadInput`` with the faults of all of them.
  private static func variants(
    _ told: [Variant], _ path: String, _ common: [(key: String, value: String)], _ names: [String],
    _ policies: [String], _ seed: UInt64?
  ) throws -> [ReadVariant] {
    var faults: [String] = []
    var variants: [ReadVariant] = []
    for variant in told {
      do {
        let (scenario, _) = try WhatIf.scenario(
          path, common + variant.overrides, names + variant.names, policies, seed)
        let changes = try ScenarioDocument(path: path)
          .changes(by: variant.overrides, after: common, knownPolicies: Runner.policyNames)
        variants.append(ReadVariant(variant: variant, scenario: scenario, changes: changes))
      } catch {
        let hint = variant.nestingHint.map { "\n\(variant.place): \($0)" } ?? ""
        faults.append(variant.message("\(error)") + hint)
      }
    }
    guard faults.isEmpty else { throw BadInput(description: faults.joined(separator: "\n")) }
    return variants
  }

  /// The inputs of base and variants.
  public var files: [String] { base.files + variants.flatMap(\.scenario.files) }

  private static func scenario(
    _ path: String, _ overrides: [(key: String, value: String)], _ names: [String], _ policies: [String],
    _ seed: UInt64?
  ) throws -> (scenario: Scenario, notes: [String]) {
    var scenario = try Scenario.load(
      path: path, overrides: overrides, names: names, knownPolicies: Runner.policyNames)
    let notes = try OpenScenario.choose(policies: policies, seed: seed, in: &scenario)
    return (scenario, notes)
  }

  /// Runs base and variants, each over so many replications as the base has.
  ///
  /// - Throws: ``BadInput``, and what a policy did wrong.
  public func run(threads: Int? = nil, progress: ((RunProgress) -> Void)? = nil) throws -> WhatIfReport {
    try run(threads: threads) { scenario, threads, _ in
      try Runner(scenario: scenario).evaluate(threads: threads, progress: progress)
    }
  }

  /// Runs base and variants, and makes a page with their maps and charts side by side.
  ///
  /// - Throws: ``BadInput``, ``OutputError``, and what a policy did wrong.
  public func runWithPage(
    threads: Int? = nil, progress: ((RunProgress) -> Void)? = nil
  ) throws -> (report: WhatIfReport, html: String) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-whatif-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let report = try run(threads: threads) { scenario, threads, place in
      var scenario = scenario
      scenario.name = WhatIfPage.title(of: scenario.name, place == 0 ? nil : variants[place - 1].name)
      scenario.outputs.workloads = .none
      scenario.outputs.decisions = .none
      scenario.outputs.maps = .none
      // The page's maps are made of samples.
      if scenario.outputs.samples == .none { scenario.outputs.samples = .standard }
      return try Runner(scenario: scenario).run(
        into: "\(folder)/\(place)", figures: "\(folder)/\(place)/plots", threads: threads, progress: progress)
    }
    let results = (0...variants.count).map { "\(folder)/\($0)/results.sqlite" }
    let names = (base.zones + variants.flatMap(\.scenario.zones)).map { ($0.code, $0.name) }
    let page = WhatIfPage(
      report: report, base: results[0], variants: Array(results.dropFirst()),
      zoneNames: Dictionary(names) { first, _ in first })
    return (report, try page.html())
  }

  /// - Parameter result: runs the base, which is number 0, or a variant.
  private func run(
    threads: Int?,
    result: (_ scenario: Scenario, _ threads: Int, _ place: Int) throws -> ScenarioResult
  ) throws -> WhatIfReport {
    let threads = threads ?? OpenScenario.cores
    try demandInputs()
    let before = try result(base, threads, 0)
    var report = WhatIfReport(
      scenario: base.name, replications: before.replications, confidence: confidence, currency: base.currency,
      notes: policyNotes)
    report.variation = before.effectiveVariation
    report.isNarrowed = !metrics.isEmpty && metrics.count < Metric.names.count
    var notes = WhatIfNotes.Collection(before, base)
    for (place, variant) in variants.enumerated() {
      var scenario = variant.scenario
      scenario.until = nil
      scenario.replications = before.replications
      scenario.windows?.count = before.replications
      let after: ScenarioResult
      do { after = try result(scenario, threads, place + 1) } catch let fault as BadInput where !fault.isResource {
        throw BadInput(description: variant.variant.message(fault.description))
          .with(remarks: variant.scenario.remarks)
      }
      report.variation = report.variation.union(after.effectiveVariation)
      var change = try self.change(variant.name, scenario, before, after)
      change.keys = variant.changes
      change.event = ShownEvent.first(base: base, variant: scenario)
      change.events = WhatIfEventLines.changed(base: base, variant: scenario)
      change.notes += WhatIfNotes.replacedEvents(variant.changes) + WhatIfNotes.withoutEffect(variant.changes)
      notes.add(after, scenario)
      report.changes.append(change)
    }
    report.notes = policyNotes + notes.ofBase + report.notes.dropFirst(policyNotes.count)
    for place in report.changes.indices { report.changes[place].notes += notes.ofVariant(place) }
    return report
  }

  /// Reads the inputs of variants that read others than the base, before anything runs.
  ///
  /// - Throws: ``BadInput`` with each fault once.
  private func demandInputs() throws(BadInput) {
    var known: Set<InputSources> = [InputSources(base)]
    let others = variants.filter { known.insert(InputSources($0.scenario)).inserted }
    guard !others.isEmpty else { return }
    // A fault that the base has too is none of a variant.
    _ = try LoadedInputs(base)
    var faults = SharedFaults()
    for variant in others {
      do { _ = try LoadedInputs(variant.scenario) } catch {
        if error.isResource { throw error }
        faults.add(error.description, of: variant.variant.place)
      }
    }
    if faults.count > 0 { throw BadInput(description: faults.texts("variant").joined(separator: "\n")) }
  }

  private func change(
    _ name: String, _ scenario: Scenario, _ before: ScenarioResult, _ after: ScenarioResult
  ) throws -> WhatIfReport.Change {
    var change = WhatIfReport.Change(variant: name, baseline: before.baselineLabel)
    let shared = before.labels.filter { after.labels.contains($0) }
    let added = after.labels.filter { !shared.contains($0) }
    change.notes += WhatIfNotes.policies(before, after)
    change.notes += try WhatIfNotes.jobs(base, scenario, replications: before.replications)
    if scenario.currency != base.currency {
      change.notes.append(
        "the variant's costs are in \(scenario.currency.code), the base's in \(base.currency.code): they are not converted"
      )
    }
    change.markLate(shared + added, before.standings, after.standings)
    change.requirements = WhatIfRequirements(before, after).sentences(shared, added: added)
    change.eventZones = WhatIfNotes.eventZones(base).union(WhatIfNotes.eventZones(scenario))
    let required = WhatIfRequirements.metrics([before.standings, after.standings])
    let metrics = metrics.isEmpty ? (WhatIf.shown + required).uniqued : metrics
    let lines = WhatIfLines(before, after, confidence: confidence, seed: base.seed)
    for label in shared {
      change.work.append(WhatIfWork(line: { lines.line(label, nil, $0, $1(before), $1(after)) }, label: label))
      change.figures += metrics.map { lines.figure($0, label, against: label) }
      // A zone that only one of them has does no work in the other.
      for code in (base.zones + scenario.zones).map(\.code).uniqued {
        for figure in ["jobs_started", "energy_kwh"] {
          let values = { (result: ScenarioResult) in result.zoneValues(figure, zone: code, of: label) }
          change.zones.append(lines.line(label, code, figure, values(before), values(after)))
        }
      }
    }
    for label in added where before.labels.contains(before.baselineLabel) {
      change.added += metrics.map { lines.figure($0, label, against: before.baselineLabel) }
    }
    let (zones, figures) = (change.zones, change.figures)
    change.reasons = WhatIfCapacity.reasons(base: base, variant: scenario, before, shared) { zone, label in
      !zones.contains { $0.zone == zone && $0.policy == label && $0.isChanged }
        // Less capacity is a larger share of it in use.
        && !figures.contains { $0.policy == label && $0.isChanged && !$0.metric.hasPrefix("utilization") }
    }
    return change
  }
}

extension ScenarioResult {
  /// A zone's figure under a policy, by replication; 0 if there is no such zone.
  func zoneValues(_ figure: String, zone: String, of label: String) -> [Double?] {
    runs.filter { $0.label == label }.map { run in
      guard let own = run.zones.first(where: { $0.code == zone }) else { return 0 }
      return own.figures.first { $0.name == figure }?.value ?? nil
    }
  }
}
