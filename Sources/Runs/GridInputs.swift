package import Domain
package import Engine
internal import Inputs
package import Scenarios

/// The grid of a scenario: the traces of each replication, and what is known of their future.
package struct GridInputs {
  private let scenario: Scenario
  /// Traces that are the same in every replication; `nil` for synthetic ones.
  private let carbon: [StepTrace]?
  private let price: [StepTrace]?
  private let recorded: RecordedForecast?
  /// The zones' rows in the synthetic grid; empty where nothing is synthetic.
  private let rows: [Int]
  /// Cache that shares synthetic grids with other inputs; `nil` if grids are not shared.
  private let drawn: DrawnGrids?

  /// Before the clock, so that persistence knows a day and more.
  private static let before = TimeSpan.days(8)
  /// After it, for jobs that run on; beyond, the synthetic grid repeats from its beginning, on the same weekday.
  private static let after = TimeSpan.days(28)

  /// Reads and checks every file; where `faults` grows the grid is of no use.
  package init(_ scenario: Scenario, _ notes: inout [String], faults: inout InputFaults, drawn: DrawnGrids? = nil) {
    self.scenario = scenario
    self.drawn = drawn
    let grid = scenario.grid
    carbon =
      GridInputs.reading(scenario, &faults) { try GridInputs.traces(grid.carbon, .carbon, scenario, &notes) } ?? nil
    price = GridInputs.reading(scenario, &faults) { try GridInputs.traces(grid.price, .price, scenario, &notes) } ?? nil
    recorded = GridInputs.reading(scenario, &faults) { try GridInputs.recorded(scenario, &notes) } ?? nil
    rows = GridInputs.reading(scenario, &faults) { try GridInputs.rows(scenario) } ?? []
  }

  /// The files of another scenario for one that reads the same (``InputKey``).
  package init(_ other: GridInputs, for scenario: Scenario) {
    self.scenario = scenario
    (carbon, price, recorded, rows, drawn) = (other.carbon, other.price, other.recorded, other.rows, other.drawn)
  }

  private static func reading<Value>(
    _ scenario: Scenario, _ faults: inout InputFaults, _ work: () throws -> Value
  ) -> Value? {
    do { return try work() } catch {
      faults.add(error, of: scenario)
      return nil
    }
  }

  /// True if each replication has its own traces.
  package var hasTracesPerReplication: Bool { scenario.hasTracesPerReplication }

  /// True if each replication has its own traces or its own clock.
  package var hasWorldPerReplication: Bool { hasTracesPerReplication || scenario.windows != nil }

  /// Which traces a replication has: those of the same number are the same.
  package func traceSet(_ replication: Int) -> Int { hasTracesPerReplication ? replication : 1 }

  /// Which world a replication has: those of the same number are the same.
  package func worldNumber(_ replication: Int) -> Int { hasWorldPerReplication ? replication : 1 }

  /// The zones with their traces in a replication; a synthetic grid is drawn anew at each call, always the same.
  package func world(_ replication: Int) -> World {
    let all = scenario
    let scenario = all.window(replication)
    var carbon = carbon
    var price = price
    if carbon == nil || price == nil {
      let week = TimeSpan.days(7).milliseconds
      // One grid for all replications spans all their clocks.
      let clocks = all.drawsGrid ? scenario.start..<scenario.start + scenario.duration : all.allWindows
      let start = clocks.lowerBound - GridInputs.before
      let least = (clocks.upperBound + GridInputs.after - start).milliseconds
      let span = TimeSpan(milliseconds: (least + week - 1) / week * week)
      let key = DrawnGrids.Key(
        seed: scenario.seed, replication: all.drawsGrid ? replication : 1, start: start, span: span, rows: rows)
      let grid = drawn?.grid(key) ?? DrawnGrids.draw(key)
      carbon = carbon ?? grid.carbon
      price = price ?? grid.price
    }
    return World(
      zones: scenario.zones, carbon: shocked(carbon ?? [], .carbon, scenario),
      price: shocked(price ?? [], .price, scenario),
      start: scenario.start, duration: scenario.duration, drains: scenario.drain,
      changes: scenario.events.changes(of: scenario.zones))
  }

  /// Applies the scenario's shocks to the traces of a quantity.
  private func shocked(
    _ traces: [StepTrace], _ quantity: EventSpec.Shock.Quantity, _ window: Scenario
  ) -> [StepTrace] {
    var traces = traces
    let own = window.start..<window.start + window.duration
    let clocks = hasTracesPerReplication ? own : scenario.allWindows
    let span = clocks.lowerBound - GridInputs.before..<clocks.upperBound + GridInputs.after
    for shock in window.events.shocks where shock.quantity == quantity {
      for zone in shock.zones {
        traces[zone] = traces[zone].multiplied(
          by: shock.factor, from: shock.span.lowerBound, until: shock.span.upperBound, over: span)
      }
    }
    return traces
  }

  /// Who forecasts the traces of a replication's world; one for each run, used on one thread.
  package func forecaster(_ world: World, _ replication: Int) -> any Forecaster {
    let spec = scenario.grid.forecast
    let settings = ForecastSettings(
      carbon: spec.model, price: spec.price, horizon: spec.horizon, update: spec.update, error: spec.error)
    return TraceForecaster(
      zones: world.zones, carbon: world.carbon, price: world.price, settings: settings, recorded: recorded,
      start: world.start, seed: scenario.seed, replication: replication)
  }

  /// The rows of the zones in the synthetic grid, each zone in one of its own regions.
  private static func rows(_ scenario: Scenario) throws -> [Int] {
    guard scenario.grid.carbon.isSynthetic || scenario.grid.price.isSynthetic else { return [] }
    let rows = scenario.zones.map { SyntheticGrid.row(of: $0) }
    let strangers = zip(scenario.zones, rows).filter { $1 == nil }.map { zone, _ in
      "zones: \(zone.code): found a zone outside the regions of the synthetic grid gb-14, expected one of the codes "
        + "\(SyntheticGrid.codes.joined(separator: ", ")), or one of their regions as region or alias"
    }
    guard strangers.isEmpty else { throw BadInput(description: strangers.joined(separator: "\n")) }
    return rows.compactMap { $0 }
  }

  private static func recorded(_ scenario: Scenario, _ notes: inout [String]) throws -> RecordedForecast? {
    let spec = scenario.grid.forecast
    guard spec.model == .recorded else { return nil }
    if let file = spec.file, try VintageReader.isVintages(path: file, mapping: spec.mapping) {
      return .vintages(
        try VintageReader.read(
          path: file, zones: scenario.zones, start: scenario.allWindows.lowerBound, mapping: spec.mapping))
    }
    var source = scenario.grid.carbon
    if let file = spec.file {
      switch source {
      case .file(_, let extend, let gaps, let clip, var reading):
        // Its own file has a format of its own.
        reading.format = .auto
        reading.mapping = spec.mapping
        source = .file(path: file, extend: extend, gaps: gaps, clip: clip, reading: reading)
      case .zoneFiles(_, let extend, let gaps, let clip, _):
        // One file has the forecasts of all zones, by their names.
        source = .file(
          path: file, extend: extend, gaps: gaps, clip: clip, reading: TraceReading(mapping: spec.mapping))
      case .constant, .synthetic:
        source = .file(
          path: file, extend: .none, gaps: .error, clip: false, reading: TraceReading(mapping: spec.mapping))
      }
    } else {
      try demandForecasts(source)
    }
    return try traces(source, .forecast, scenario, &notes).map { .column($0) }
  }

  /// Refuses files without a forecast column: a wide file would be taken for its own forecast.
  private static func demandForecasts(_ source: TraceSource) throws {
    let told: (paths: [String], reading: TraceReading)
    switch source {
    case .file(let path, _, _, _, let reading): told = ([path], reading)
    case .zoneFiles(let paths, _, _, _, let reading): told = (paths, reading)
    case .constant, .synthetic: return
    }
    var without: [String] = []
    for path in told.paths where !without.contains(path) {
      if try !TraceReader.hasForecast(path: path, reading: told.reading) { without.append(path) }
    }
    guard !without.isEmpty else { return }
    throw BadInput(
      description: without.map { path in
        "\(path): found no column forecast, expected one for grid.forecast.model: recorded, or grid.forecast.file"
      }.joined(separator: "\n"))
  }

  /// `nil` for a synthetic trace.
  private static func traces(
    _ source: TraceSource, _ kind: TraceKind, _ scenario: Scenario, _ notes: inout [String]
  ) throws -> [StepTrace]? {
    switch source {
    case .synthetic: return nil
    case .constant(let value): return scenario.zones.map { _ in StepTrace(constant: value) }
    case .file(let path, let extend, let gaps, let clip, let reading):
      let table = try TraceReader.read(
        path: path, kind: kind, zones: scenario.zones, gaps: gaps, clip: clip,
        reading: reading)
      let file = TraceFile(path: path, zones: scenario.zones, table: table)
      return try TraceFiles(kind: kind, files: [file], extend: extend, gaps: gaps).traces(scenario, &notes)
    case .zoneFiles(let paths, let extend, let gaps, let clip, let reading):
      var faults = InputFaults()
      let files = zip(paths, scenario.zones.indices).compactMap { path, zone -> TraceFile? in
        do {
          let table = try TraceReader.readOwn(
            path: path, kind: kind, zone: zone, of: scenario.zones, gaps: gaps,
            clip: clip, reading: reading)
          return TraceFile(path: path, zones: [scenario.zones[zone]], table: table)
        } catch {
          faults.add(error, of: scenario)
          return nil
        }
      }
      try faults.throwIfAny()
      return try TraceFiles(kind: kind, files: files, extend: extend, gaps: gaps).traces(scenario, &notes)
    }
  }
}
