internal import Domain
internal import Engine
internal import Figures
internal import Metrics
internal import Scenarios

/// Takes the rows of `zone_samples` and the snapshots of the map, and tells how far a run is.
final class ZoneSampler: Probe {
  private var samples: [ZoneSample] = []
  private(set) var snapshots: [MapSnapshot] = []
  private let scenario: Scenario
  private let policy: String
  private let replication: Int
  private let changes: [CapacityChange]
  private let metrics: RunMetrics
  private let progress: ((Double) -> Void)?
  private var sampleTimes: Times
  private var mapTimes: Times

  /// - Parameter changes: of the zones' capacities, in order of time.
  init(
    scenario: Scenario, policy: String, replication: Int, changes: [CapacityChange], metrics: RunMetrics,
    progress: ((Double) -> Void)?
  ) {
    self.scenario = scenario
    self.policy = policy
    self.replication = replication
    self.changes = changes
    self.metrics = metrics
    self.progress = progress
    sampleTimes = Times(
      scenario.outputs.samples, scenario, standard: .every(ZoneSampler.standardInterval(scenario)))
    // Of many replications nobody looks at every map: the first one's are drawn where nothing else is told.
    let middle = scenario.start + TimeSpan(milliseconds: scenario.duration.milliseconds / 2)
    mapTimes = Times(scenario.outputs.maps, scenario, standard: replication == 1 ? .at([middle]) : .none)
  }

  /// The shortest usual interval that gives at most 20,000 rows.
  static func standardInterval(_ scenario: Scenario) -> TimeSpan {
    let intervals: [TimeSpan] = [.minutes(30), .hours(1), .hours(3), .hours(6), .hours(12), .days(1), .days(7)]
    let rows = { (interval: TimeSpan) in
      Int(scenario.duration.milliseconds / interval.milliseconds + 1) * scenario.zones.count
    }
    return intervals.first { rows($0) <= 20_000 } ?? .days(28)
  }

  /// The samples in the order of the table's key, zone by zone: so they cost SQLite half of what they do as they came.
  var rows: [ZoneSample] { samples.sorted { ($0.zone, $0.at) < ($1.zone, $1.at) } }

  var next: Instant { min(sampleTimes.next, mapTimes.next) }

  func look(at simulation: Simulation) {
    let now = simulation.now
    if sampleTimes.next == now {
      sampleTimes.advance()
      let tallies = metrics.zoneTallies
      for (index, zone) in scenario.zones.enumerated() {
        samples.append(
          ZoneSample(
            zone: zone.id, at: now, running: simulation.runningCount(index), allocated: simulation.allocated(index),
            intensity: simulation.intensity(index), price: simulation.price(index),
            assigned: simulation.scheduledCount(index) + simulation.runningCount(index)
              + simulation.suspendedCount(index) + tallies[index].completed))
      }
      progress?((now - scenario.start).inHours / scenario.duration.inHours)
    }
    if mapTimes.next == now {
      mapTimes.advance()
      snapshots.append(snapshot(simulation))
    }
  }

  private func snapshot(_ simulation: Simulation) -> MapSnapshot {
    let drawn = simulation.drawnByRunning()
    let tallies = metrics.zoneTallies
    var isOut = Array(repeating: false, count: scenario.zones.count)
    for change in changes.prefix(while: { $0.at <= simulation.now }) { isOut[change.zone] = change.isOut }
    let zones = scenario.zones.indices.map { index in
      let tally = tallies[index]
      return ZoneStanding(
        zone: scenario.zones[index], scheduled: simulation.scheduledCount(index),
        running: simulation.runningCount(index), suspended: simulation.suspendedCount(index),
        completed: tally.completed, energy: tally.energy + drawn[index].energy,
        emissions: tally.emissions + drawn[index].emissions, intensity: simulation.intensity(index),
        isOut: isOut[index])
    }
    return MapSnapshot(
      scenario: scenario.name, policy: policy, replication: replication, at: simulation.now, zones: zones,
      pending: simulation.pendingCount)
  }
}

/// Instants within the clock, in order.
private struct Times {
  private(set) var next = Instant.never
  private var listed: [Instant] = []
  private var interval = TimeSpan.zero
  private let end: Instant

  init(_ wanted: OutputSpec.Times, _ scenario: Scenario, standard: OutputSpec.Times) {
    end = scenario.start + scenario.duration
    switch wanted == .standard ? standard : wanted {
    case .standard, .none: break
    case .every(let interval):
      self.interval = interval
      next = scenario.start
    case .at(let instants):
      listed = Set(instants.filter { $0 >= scenario.start && $0 < scenario.start + scenario.duration }).sorted(by: >)
      advance()
    }
  }

  mutating func advance() {
    if interval > .zero {
      let later = next + interval
      next = later < end ? later : .never
    } else {
      next = listed.popLast() ?? .never
    }
  }
}
