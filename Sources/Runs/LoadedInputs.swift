package import Domain
package import Figures
internal import Inputs
internal import Policies
internal import Results
package import Scenarios

/// The grid and the jobs of a scenario.
package struct LoadedInputs {
  package var grid: GridInputs
  package var jobs: JobInput
  /// Operators' assignments, by the path of their file.
  package var decisions: [String: DecisionRecord] = [:]
  /// Outline on which maps are drawn.
  package var outline = Outline.builtIn
  /// Shapes of the scenario's own outline; empty if it has none.
  private(set) var ownShapes: [OutlineShape] = []
  /// Notes for people on input that was corrected or left out.
  package var notes: [String] = []

  /// Reads and checks every input; writes nothing.
  ///
  /// - Parameters:
  ///   - other: the inputs of a scenario that reads the same grid, or the same log of jobs (``InputKey``).
  ///   - drawn: where synthetic grids are kept.
  /// - Throws: ``BadInput`` with every fault of every file.
  package init(
    _ scenario: Scenario, grid other: GridInputs? = nil, jobs log: JobInput? = nil, drawn: DrawnGrids? = nil
  ) throws(BadInput) {
    var notes: [String] = []
    var faults = InputFaults()
    func gathered<Value>(_ work: () throws -> Value) throws(BadInput) -> Value? {
      do { return try work() } catch { faults.add(error, of: scenario) }
      return nil
    }
    let grid =
      other.map { GridInputs($0, for: scenario) } ?? GridInputs(scenario, &notes, faults: &faults, drawn: drawn)
    let jobs = try gathered { try log ?? LoadedInputs.jobs(scenario, &notes) }
    var decisions: [String: DecisionRecord] = [:]
    for path in scenario.policies.compactMap({ $0.parameters.text("decisions") }) where decisions[path] == nil {
      decisions[path] = try gathered { try LoadedInputs.decisions(path, scenario, jobs, &notes) }
    }
    let shapes = try gathered { try scenario.outputs.outline.map { try OutlineReader.read(path: $0) } }
    try faults.throwIfAny(remarks: scenario.remarks)
    guard let jobs else { throw BadInput(description: "workload: found no jobs, expected some") }
    if let shapes = shapes ?? nil {
      ownShapes = shapes.map { OutlineShape(points: $0.points, isArea: $0.isArea) }
      outline = Outline(shapes.map { Outline.Shape(points: $0.points, isArea: $0.isArea) })
    }
    self.decisions = decisions
    self.grid = grid
    self.jobs = jobs
    self.notes =
      notes + scenario.remarks + LoadedInputs.constantNotes(scenario) + WindowFit.notes(scenario)
      + LoadedInputs.interruptionNotes(scenario) + LoadedInputs.closedZones(scenario)
    do { self.notes += try LongJobs.check(self, scenario) } catch { throw error.with(notes: self.notes) }
  }

  /// Constants that probably have another unit, by the limits that hold for the values of files.
  private static func constantNotes(_ scenario: Scenario) -> [String] {
    var notes: [String] = []
    if case .constant(let intensity) = scenario.grid.carbon, Plausibility.isTooClean(intensity) {
      let other = TextTable.number(intensity * 1000)
      notes.append(
        "grid.carbon.constant: \(TextTable.number(intensity)) is under 3 g/kWh: if it is in kg/kWh, write \(other)")
    }
    if case .constant(let price) = scenario.grid.price, Plausibility.isTooDear(price) {
      let (perMegawattHour, hundredths) = (TextTable.number(price / 1000), TextTable.number(price / 100))
      notes.append(
        "grid.price.constant: \(TextTable.number(price)) is over 1 \(scenario.currency.code) per kWh: if it is per MWh, "
          + "write \(perMegawattHour); if it is in pence or cents, \(hundredths)")
    }
    return notes
  }

  /// Zones that are closed from the clock's start on, for good: jobs at home there have nowhere to stay.
  private static func closedZones(_ scenario: Scenario) -> [String] {
    let changes = scenario.events.changes(of: scenario.zones)
    let codes = scenario.zones.indices.filter { zone in
      guard let last = changes.last(where: { $0.zone == zone }), last.at <= scenario.start else { return false }
      return last.isOut || last.capacity == .zero
    }.map { scenario.zones[$0].code }
    guard !codes.isEmpty else { return [] }
    return [
      "closed for the whole clock: \(codes.joined(separator: ", ")); policies that keep jobs at home, such as standard, "
        + "reject the jobs whose home that is"
    ]
  }

  /// Policies whose published form suspends jobs, in a scenario that does not let them.
  private static func interruptionNotes(_ scenario: Scenario) -> [String] {
    guard scenario.interruption == .never else { return [] }
    let names = PolicySpec.labels(scenario.policies).enumerated().filter {
      PolicyCatalog.entry(scenario.policies[$0.offset].name)?.suspendsJobs ?? false
    }.map(\.element)
    guard !names.isEmpty else { return [] }
    return [
      "\(names.joined(separator: ", ")): the published policy suspends jobs; here it only delays their start, as "
        + "interruption is not allowed"
    ]
  }

  /// A record of decisions, held against the jobs of every replication.
  private static func decisions(
    _ path: String, _ scenario: Scenario, _ jobs: JobInput?, _ notes: inout [String]
  ) throws -> DecisionRecord {
    let file = try DecisionFile(path: path, zones: scenario.zones)
    let unread = file.unread.joined(separator: ", ")
    if !unread.isEmpty { notes.append("\(path): columns that were not read: \(unread)") }
    guard let jobs else { return try file.checked() }
    let isGenerated = if case .generated = jobs { true } else { false }
    let replications = isGenerated || scenario.windows != nil ? scenario.replications : 1
    for replication in 1...replications {
      let source = try jobs.source(scenario.window(replication), replication: replication, keepsTexts: false)
      let (undecided, unknown) = try file.check(against: source, zones: scenario.zones)
      let place = replications > 1 ? " (replication \(replication))" : ""
      if undecided > 0 {
        let stay = undecided == 1 ? "stays" : "stay"
        notes.append("\(path): no decision for \(counted(undecided, "job")), which \(stay) PENDING\(place)")
      }
      if unknown > 0 { notes.append("\(path): \(counted(unknown, "decision")) for jobs not in the run\(place)") }
    }
    return file.record
  }

  /// The jobs of a scenario, checked.
  ///
  /// - Throws: the reader's errors, and ``BadInput`` if no job would run.
  package static func jobs(_ scenario: Scenario, _ notes: inout [String]) throws -> JobInput {
    let spec: JobLogSpec
    switch scenario.workload {
    case .generated(let model):
      let surges = scenario.window(1).events.surges
      let first = scenario.window(1)
      let note = try OversizedJobs.note(model, first, surges: surges, capacities: capacities(scenario))
      notes += note.map { [$0] } ?? []
      return .generated(model)
    case .log(let given): spec = given
    }
    let end = scenario.start + scenario.duration
    let takesParts = scenario.windows.map { !$0.repeatsJobs } ?? false
    let jobs = try JobFileReader.read(
      path: spec.file, format: spec.format, timeUnit: spec.timeUnit, zones: scenario.zones,
      start: scenario.start, end: end, timing: JobTiming(start: spec.start, scale: spec.timeScale),
      memoryPerCore: spec.memoryPerCore ?? 0, keepsAll: takesParts, keepsIndex: takesParts,
      capacities: capacities(scenario), reading: spec.reading, windows: takesParts ? WindowFit.clocks(of: scenario) : []
    )
    if takesParts { notes += try WindowFit.check(jobs, scenario) }
    notes += jobs.notes
    // Policies with windows of their own do not look at the jobs'.
    let defers = scenario.policies.contains {
      PolicyCatalog.entry($0.name)?.defersJobs ?? true && PolicyCatalog.waitClasses($0.name, $0.parameters) == nil
    }
    if defers, let note = jobs.windowNote { notes.append(note) }
    try refuseEmptyClock(jobs, scenario.start, end)
    return .log(jobs)
  }

  /// The most that each zone ever has of every resource.
  private static func capacities(_ scenario: Scenario) -> [Resources] {
    var capacities = scenario.zones.map(\.capacity)
    for change in scenario.events.changes(of: scenario.zones) {
      capacities[change.zone] = capacities[change.zone].larger(change.capacity)
    }
    return capacities
  }

  /// Refuses a log of which not one job would run. One without any row is an empty workload, which is noted.
  private static func refuseEmptyClock(_ jobs: JobFile, _ start: Instant, _ end: Instant) throws {
    guard jobs.count == 0, !jobs.skipped.isEmpty else { return }
    guard let span = jobs.submissions else {
      let reasons = jobs.notes.joined(separator: "; ")
      throw BadInput(description: "\(jobs.path): found no job (\(reasons)), expected some")
    }
    let remedy =
      span.lowerBound >= end || span.upperBound < start
      ? "start: first (or clock) moves the first submission to the clock's start" : "move the clock"
    let all = jobs.skipped[.outsideSpan] ?? 0
    throw BadInput(
      description: "\(jobs.path): found \(counted(all, "job")), submitted from "
        + "\(span.lowerBound.readable) to \(span.upperBound.readable), expected some within the clock, from "
        + "\(start.readable) to \(end.readable); \(remedy)")
  }
}
