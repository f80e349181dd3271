internal import Domain
package import Scenarios

/// All that decides what a scenario's grid files, or its job log, give: scenarios with the same key read the same.
package struct InputKey: Hashable {
  private enum Source: Hashable {
    /// The forecast file counts where it is read.
    case grid(carbon: TraceSource, price: TraceSource, isRecorded: Bool, forecast: String?)
    case log(JobLogSpec)
  }

  /// The names by which a file may refer to a zone, and the other properties of the zone that a reader uses.
  private struct ZoneKey: Hashable {
    var id: Int
    var names: [String]
    var capacity: Resources?
  }

  private let source: Source
  private let zones: [ZoneKey]
  private let start: Instant
  private let duration: TimeSpan
  /// Windows need more of a file than one clock does.
  private let windows: WindowSpec?
  private let clocks: Range<Instant>

  package init(gridOf scenario: Scenario) {
    let isRecorded = scenario.grid.forecast.model == .recorded
    source = .grid(
      carbon: scenario.grid.carbon, price: scenario.grid.price, isRecorded: isRecorded,
      forecast: isRecorded ? scenario.grid.forecast.file : nil)
    zones = scenario.zones.map { ZoneKey(id: $0.id, names: [$0.code, $0.name, $0.region, $0.country] + $0.aliases) }
    (start, duration) = (scenario.start, scenario.duration)
    (windows, clocks) = (scenario.windows, scenario.allWindows)
  }

  /// `nil` for generated jobs.
  package init?(jobsOf scenario: Scenario) {
    guard case .log(let spec) = scenario.workload else { return nil }
    source = .log(spec)
    zones = scenario.zones.map {
      ZoneKey(id: $0.id, names: [$0.code, $0.name, $0.region, $0.country] + $0.aliases, capacity: $0.capacity)
    }
    (start, duration) = (scenario.start, scenario.duration)
    (windows, clocks) = (scenario.windows, scenario.allWindows)
  }
}
