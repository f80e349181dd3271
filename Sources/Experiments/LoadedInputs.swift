internal import Domain
internal import Engine
internal import Inputs
internal import Scenarios

/// The traces and the checked job file of a scenario.
struct LoadedInputs {
  var world: World
  var jobs: JobFile
  /// What was mended or left out on the way, for people.
  var notes: [String] = []

  /// Reads and checks every input; writes nothing.
  ///
  /// - Throws: ``BadInput`` with every fault of every file.
  init(_ scenario: Scenario) throws(BadInput) {
    var notes: [String] = []
    var faults: [String] = []
    func gathered<Value>(_ work: () throws -> Value) throws(BadInput) -> Value? {
      do { return try work() } catch let error as InputError {
        faults.append(error.description)
      } catch let error as BadInput {
        faults.append(error.description)
      } catch {
        faults.append("\(error)")
      }
      return nil
    }
    let carbon = try gathered { try LoadedInputs.traces(scenario.grid.carbon, .carbon, scenario, &notes) }
    let price = try gathered { try LoadedInputs.traces(scenario.grid.price, .price, scenario, &notes) }
    let jobs = try gathered { try LoadedInputs.jobs(scenario, &notes) }
    guard faults.isEmpty, let carbon, let price, let jobs else {
      throw BadInput(description: faults.joined(separator: "\n"))
    }
    world = World(
      zones: scenario.zones, carbon: carbon, price: price, start: scenario.start, duration: scenario.duration,
      drains: scenario.drain)
    self.jobs = jobs
    self.notes = notes
  }

  private static func jobs(_ scenario: Scenario, _ notes: inout [String]) throws -> JobFile {
    let spec = scenario.workload
    let isSWF = spec.format == .swf || (spec.format == .auto && spec.file.lowercased().hasSuffix(".swf"))
    let start = spec.start ?? (isSWF ? .clock : .recorded)
    let jobs = try JobFileReader.read(
      path: spec.file, isSWF: isSWF, zones: scenario.zones, start: scenario.start,
      end: scenario.start + scenario.duration,
      timing: JobTiming(movesToClock: start == .clock, scale: spec.timeScale), memoryPerCore: spec.memoryPerCore ?? 0)
    for reason in SkipReason.allCases {
      if let count = jobs.skipped[reason] { notes.append("\(count) jobs were left out: \(reason.rawValue)") }
    }
    return jobs
  }

  private static func traces(
    _ source: TraceSource, _ kind: TraceKind, _ scenario: Scenario, _ notes: inout [String]
  ) throws -> [StepTrace] {
    switch source {
    case .constant(let value): return scenario.zones.map { _ in StepTrace(constant: value) }
    case .file(let path, let extend, let gaps, let clip):
      let table = try TraceReader.read(
        path: path, kind: kind, zones: scenario.zones, gaps: GapRule(rawValue: gaps.rawValue) ?? .error, clip: clip)
      if table.gapsFilled > 0 { notes.append("\(kind.rawValue): \(table.gapsFilled) missing steps filled (\(gaps))") }
      if table.clipped > 0 { notes.append("\(kind.rawValue): \(table.clipped) negative intensities set to 0") }
      if table.duplicates > 0 { notes.append("\(kind.rawValue): \(table.duplicates) repeated values left out") }
      let end = scenario.start + scenario.duration
      var short: [String] = []
      let traces = try zip(scenario.zones, table.columns).map { zone, column in
        let trace = try column.trace(extending: extend)
        if !trace.covers(from: scenario.start, to: end) {
          short.append(
            "\(path): zone \(zone.code): found \(trace.start.iso8601) to \(trace.end.iso8601), expected at least the "
              + "clock's \(scenario.start.iso8601) to \(end.iso8601), or extend: hold | wrap")
        }
        return trace
      }
      guard short.isEmpty else { throw BadInput(description: short.joined(separator: "\n")) }
      return traces
    }
  }
}
