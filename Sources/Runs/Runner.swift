public import Domain
internal import Engine
internal import Inputs
package import Metrics
internal import Policies
internal import Results
public import Scenarios

/// The result of one run.
public struct RunResult: Sendable {
  public var policy: String
  public var replication: Int
  /// Every figure in the contract's order; `nil` where it is not defined.
  public var figures: [(name: String, value: Double?)]
  /// 16 hexadecimal digits: equal for equal placements.
  public var placementSignature: String
  /// Label that distinguishes the policy from others of its name (with a number from the second on).
  public var label: String
  /// The figures of each zone by its code, in the scenario's order.
  public var zones: [(code: String, figures: [(name: String, value: Double?)])]
  /// Jobs that an outage ended; `jobs_unfinished` counts them too.
  package var failed = 0
  /// The home zones of its jobs.
  package var homes: HomeFacts.Run

  public func figure(_ name: String) -> Double? {
    if name == RunResult.failedJobs { return Double(failed) }
    if name == RunResult.leftJobs { return left }
    guard let found = figures.first(where: { $0.name == name }) else { return nil }
    return found.value
  }

  /// Name of ``left`` for ``figure(_:)``; it is no metric of the result.
  /// Beside the metrics: `jobs_unfinished` does not tell failed jobs from others.
  package static let failedJobs = "jobs_failed"
  package static let leftJobs = "jobs_unfinished without jobs_failed"

  /// Jobs that had neither ended nor failed at the end of the run.
  package var left: Double? { figure("jobs_unfinished").map { $0 - Double(failed) } }
}

/// The results of a scenario: its runs, and notes on input that was corrected or left out.
public struct ScenarioResult: Sendable {
  public var runs: [RunResult]
  public var notes: [String]
  /// How many maps were drawn.
  public var maps: Int
  /// How many charts were drawn.
  public var charts = 0
  /// On jobs without a home zone, for wherever savings are printed; the first of ``notes``.
  package var homeNote: String?
  /// Requirements on every policy.
  package var requirements: [Requirement] = []
  package var baselineLabel = ""

  /// How the policies stand to it, by their means.
  package var standings: Standings {
    Standings(requirements, labels: labels, baseline: baselineLabel) { metric, label in mean(metric, of: label) }
  }

  /// The mean of a policy's figure over the replications that have a value.
  package func mean(_ metric: String, of label: String) -> Double? {
    let known = values(metric, of: label).compactMap { $0 }
    return known.isEmpty ? nil : SampleMoments(known).mean
  }
  /// Sources of the differences between replications.
  public var variation = Variation([])

  /// ``variation``; nothing if windows came out alike, which is one outcome.
  package var effectiveVariation: Variation {
    guard variation.sources.contains(.window), replications > 1 else { return variation }
    let first = runs.prefix { $0.replication == 1 }
    let isOne = runs.indices.allSatisfy { place in
      let twin = runs[place % first.count]
      return twin.label == runs[place].label
        && zip(twin.figures, runs[place].figures).allSatisfy { a, b in
          guard a.name == b.name, let one = a.value, let other = b.value else { return a == b }
          return one.isAlike(other)
        }
    }
    return isOne ? Variation([]) : variation
  }

  /// True if any policy rejected a job.
  package var hasRejected: Bool { runs.contains { ($0.figure("jobs_rejected") ?? 0) > 0 } }
  /// How many replications there are.
  public var replications: Int { runs.last?.replication ?? 0 }
  /// Labels that distinguish the policies, in the order in which they run.
  public var labels: [String] { runs.prefix { $0.replication == 1 }.map(\.label) }

  /// A figure of a policy, by replication.
  public func values(_ metric: String, of label: String) -> [Double?] {
    runs.filter { $0.label == label }.map { $0.figure(metric) }
  }
}

/// A result that could not be written: the exit code is 3.
public struct OutputError: Error, CustomStringConvertible {
  public var description: String

  public init(description: String) { self.description = description }
}

/// Bad input from any of the rooms below: the text is for people, the exit code is 2.
public struct BadInput: Error, CustomStringConvertible {
  public var description: String
  /// True if the machine, not the input, is at fault (a full disk): the exit code is 3.
  public var isResource = false

  package init(description: String, isResource: Bool = false) {
    self.description = description
    self.isResource = isResource
  }

  /// A reader's error.
  package init(_ error: any Error) {
    let own = (error as? InputError)?.isResource ?? (error as? BadInput)?.isResource
    self.init(description: "\(error)", isResource: own ?? false)
  }

  /// Adds notes on the inputs, which may explain the error.
  package func with(notes: [String]) -> BadInput {
    let lines = [description] + notes.map { "note: \($0)" }
    return BadInput(description: lines.joined(separator: "\n"), isResource: isResource)
  }
}

/// Scenario → inputs → engine → metrics → tables and figures.
public struct Runner {
  public static var policyNames: [String] { PolicyCatalog.entries.map(\.name) }
  public static var policySummaries: [(name: String, summary: String)] {
    PolicyCatalog.entries.map { ($0.name, $0.summary) }
  }

  package let scenario: Scenario

  public init(scenario: Scenario) {
    self.scenario = scenario
  }

  /// Ends the process for an interruption: what has not got its final name is removed before `leave` is called;
  /// where the results have just got theirs it returns, for the process is about to end well, unless it makes `many`.
  public static func abandon(many: Bool = false, then leave: () -> Never) {
    ResultFolder.abandonAll(many: many, then: leave)
  }

  /// Finishes or takes back what an interrupted run left in a folder of results; for whoever reads one.
  public static func recover(_ folder: String) throws(OutputError) {
    do { try ResultFolder.recover(folder) } catch { throw OutputError(description: error.description) }
  }

  /// Recovers the folder that contains a result file, and the folders for its charts.
  package static func recover(folderOf path: String) throws(OutputError) {
    let folder = path.pathParent
    try recover(folder)
    // Where `pylon run` puts the figures: with --out, and without.
    var places = ["\(folder)/plots"]
    let parts = folder.split(separator: "/", omittingEmptySubsequences: true)
    if parts.count >= 2, parts[parts.count - 2] == "Results" {
      let above = (folder.hasPrefix("/") ? "/" : "") + parts.dropLast(2).map { $0 + "/" }.joined()
      places.append("\(above)Plots/\(parts[parts.count - 1])")
    }
    for place in places { try recover(place) }
  }

  /// Reads and checks every input; writes nothing.
  ///
  /// - Returns: what a run would note of its inputs.
  @discardableResult
  public func validate() throws(BadInput) -> [String] {
    try LoadedInputs(scenario).notes
  }

  /// Runs every policy on every replication and writes tables and figures: the same bytes for any number of threads.
  ///
  /// - Parameters:
  ///   - threads: how many runs go on at once.
  ///   - progress: told on any thread, by one at a time.
  /// - Throws: ``BadInput``, ``OutputError``, and what a policy did wrong.
  public func run(
    into folder: String, figures: String, threads: Int, progress: ((RunProgress) -> Void)? = nil
  ) throws -> ScenarioResult {
    try demandInputsStay(folder)
    let inputs = try LoadedInputs(scenario)
    do {
      let folder = try ResultFolder(path: folder)
      let maps = try ResultFolder(path: figures)
      let shelf = WorldShelf(inputs.grid)
      let world = shelf.world(1)
      let tables = try ResultTables(
        folder: folder, zones: world.zones, conditions: conditions(world),
        users: UserRow.rows(logged: inputs.jobs.users, createdAt: world.start),
        varies: scenario.variation.text,
        keepsWorkloads: scenario.outputs.workloads == .all, keepsDecisions: scenario.outputs.decisions == .all,
        provenance: scenario.source.map(Provenance.init), outline: inputs.ownShapes)
      let gathering = RunGathering(scenario, inputs, shelf, tables: tables, maps: maps, threads: threads)
      try perform(gathering, threads, progress)
      try gathering.finish()
      let charts = try RunCharts.write(scenario.outputs, of: folder.staged("results.sqlite"), into: maps)
      try ResultFolder.replace([
        Replacement(folder) { name in ["jobs.csv", "policy_metrics.csv", "decisions.csv"].contains(name) },
        Replacement(maps) { name in RunCharts.isOwn(name) },
      ])
      var result = gathering.result
      result.charts = charts
      return result
    } catch let error as StoreError {
      throw OutputError(description: error.description)
    } catch let error as BadInput {
      throw error.with(notes: inputs.notes)
    }
  }

  /// Refuses a folder where the tables would take the place of the scenario's own files.
  private func demandInputsStay(_ folder: String) throws(BadInput) {
    let tables = ["results.sqlite", "metrics.csv", "jobs.csv", "zones.csv", "policy_metrics.csv", "decisions.csv"]
    try FileIdentity.demandInputsStay(scenario.files, in: folder, tables: tables)
  }

  /// Runs every policy on every replication and writes nothing.
  ///
  /// - Throws: ``BadInput``, and what a policy did wrong.
  public func evaluate(threads: Int, progress: ((RunProgress) -> Void)? = nil) throws -> ScenarioResult {
    var scenario = scenario
    scenario.outputs.maps = .none
    scenario.outputs.samples = .none
    let inputs = try LoadedInputs(scenario)
    let gathering = RunGathering(scenario, inputs, WorldShelf(inputs.grid), tables: nil, maps: nil, threads: threads)
    do { try Runner(scenario: scenario).perform(gathering, threads, progress) } catch let error as BadInput {
      throw error.with(notes: inputs.notes)
    }
    return gathering.result
  }

  private func perform(
    _ gathering: RunGathering, _ threads: Int, _ progress: ((RunProgress) -> Void)?
  ) throws {
    let plan = gathering.plan
    let tally = progress.map { ProgressTally(runs: plan.count, tell: $0) }
    let work = OrderedWork<FinishedRun>(count: plan.count, mayBegin: gathering.mayBegin) { index, work in
      let label = plan.labels[plan.place(index)]
      let run = try gathering.run(index, work) { tally?.note(index, label, $0) }
      tally?.finished(index, label)
      return run
    } deliver: { index, run in
      try gathering.take(index, run)
    }
    try work.run(threads: threads)
  }

  private func conditions(_ world: World) -> [(carbon: Double?, price: Double?)] {
    world.zones.indices.map { (world.carbon[$0].value(at: world.start), world.price[$0].value(at: world.start)) }
  }
}
