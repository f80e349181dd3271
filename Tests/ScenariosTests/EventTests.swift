import Domain
import Foundation
import Scenarios
import Testing

@Suite struct EventKeyTests {
  private func load(_ events: String, workload: String = "{preset: pylon}") throws -> Scenario {
    let text = """
      name: n
      clock: {start: 2020-01-06T00:00:00Z, duration: 7d}
      zones:
        - {code: A, coordinates: {lat: 50, lng: 0}, capacity: {cpu_cores: 10, memory_gb: 40, gpus: 3}}
        - {code: B, coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 20, memory_gb: 80, gpus: 0}}
      grid: {carbon: {constant: 100}, price: {constant: 0.2}}
      workload: \(workload)
      policies: [standard]
      events:
      \(events)

      """
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("events-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: path) }
    try text.write(to: path, atomically: true, encoding: .utf8)
    return try Scenario.load(path: path.path, overrides: [], knownPolicies: ["standard"])
  }

  private func hour(_ hours: Int64) -> Instant { Instant(milliseconds: 1_578_268_800_000 + hours * 3_600_000) }

  private func resources(_ cores: Int64, _ memory: Int64, _ gpus: Int64) -> Resources {
    Resources(milliCores: cores * 1000, milliGigabytes: memory * 1000, milliGPUs: gpus * 1000)
  }

  /// A: half of everything from hour 2 to 10, of which 4 cores from 4 to 8; out from 6 to 7 and, with another
  /// rule, from 6 to 9.
  @Test func overlappingEventsStandOneUponAnother() throws {
    let scenario = try load(
      """
        - capacity: {zone: A, at: 2h, until: 10h, factor: 0.5}
        - capacity: {zone: [A, B], at: 2020-01-06T04:00:00Z, duration: 4h, cpu_cores: 4, gpus: {factor: 2}}
        - outage: {zone: A, from: 6h, duration: 1h, running: finish}
        - outage: {zone: A, from: 6h, until: 9h, running: suspend}
        - outage: {zone: B, from: 20h, duration: 1h}
      """)
    let half = CapacityChange(at: hour(2), zone: 0, capacity: resources(5, 20, 2))
    var found = scenario.events.changes(of: scenario.zones)
    // 1.5 GPUs.
    #expect(found[0].capacity.milliGPUs == 1500)
    found[0].capacity.milliGPUs = 2000
    #expect(found[0] == half)
    #expect(
      found.dropFirst().map { [Double($0.zone), $0.capacity.cpuCores, $0.capacity.gpus, $0.isOut ? 1 : 0] } == [
        [0, 4, 3, 0], [1, 4, 0, 0], [0, 0, 0, 1], [1, 20, 0, 0], [0, 5, 1.5, 0], [0, 10, 3, 0], [1, 0, 0, 1],
        [1, 20, 0, 0],
      ])
    #expect(found.map(\.at) == [2, 4, 4, 6, 8, 9, 10, 20, 21].map { hour($0) })
    #expect(found.map(\.outage) == [nil, nil, nil, .suspend, nil, nil, nil, .fail, nil])
    let periods = scenario.zones[0].capacityPeriods(from: hour(0), index: 0, found)
    #expect(periods.map(\.start) == [0, 2, 4, 6, 9, 10].map { hour($0) })
    #expect(periods.map(\.end) == [2, 4, 6, 9, 10].map { hour($0) } + [.never])
  }

  @Test func surgesAndShocksAreRead() throws {
    let events = try load(
      """
        - surge: {from: 1d, duration: 12h, factor: 3, classes: [RAG_QUERY]}
        - price: {from: 1d, duration: 2h, factor: 4}
        - carbon: {zone: B, from: 1d, until: 36h, factor: 0.5}
      """.replacing("RAG_QUERY", with: try #require(try firstClass()))
    ).events
    #expect(events.surges.map(\.factor) == [3] && events.surges[0].span == hour(24)..<hour(36))
    #expect(events.surges[0].classes.count == 1)
    #expect(events.shocks.map(\.zones) == [[0, 1], [1]] && events.shocks.map(\.quantity) == [.price, .carbon])
  }

  private func firstClass() throws -> String? {
    guard case .generated(let model) = try load("  - price: {from: 1d, duration: 2h, factor: 4}").workload else {
      return nil
    }
    return model.classes.last?.name
  }

  @Test func faultsAreToldAtOnce() throws {
    let error = #expect(throws: InputError.self) {
      try load(
        """
          - outage: {zone: C, from: 8d, duration: 6h, running: stop}
          - surge: {from: 6h, factor: 2}
          - capacity: {zone: A, at: 5h, until: 4h, cpu_cores: -1}
          - capacity: {zone: A, at: 5h, until: 7h, duration: 2h}
          - surge: {from: 1h, duration: 1h, factor: 2000, classes: [nobody]}
          - {price: {from: 1h, duration: 1h}, surge: {from: 1h, duration: 1h, factor: 2}}
          - price: {from: soon, duration: 1h}
          - strike: {}
        """)
    }
    let told = error?.description ?? ""
    for part in [
      ":10: events[0].outage.zone: found C, expected a zone's code, name or region, one of A, B",
      "events[0].outage.from: found 8d, expected an instant within the clock", "events[0].outage.running: found stop",
      ":11: events[1].surge.duration: found no such key, expected a time span such as 6h, or until",
      "events[2].capacity.until: found 4h, expected an instant later than at", "events[2].capacity.cpu_cores: found -1",
      "events[3].capacity.until: found both", "events[3].capacity: found none of them, expected cpu_cores",
      "events[4].surge.factor: found 2000, expected a factor from 0 to 1000",
      "events[4].surge.classes[0]: found nobody", "events[5]: found 2, expected one kind of event per item",
      "events[6].price.from: found soon", "events[6].price.factor: found no such key",
      "events[7].strike: found an unknown key, expected one of outage, capacity, surge, carbon, price",
    ] {
      #expect(told.contains(part), "\(part) in \(told)")
    }
    let log = #expect(throws: InputError.self) {
      try load("  - surge: {from: 1h, duration: 1h, factor: 2}", workload: "{file: jobs.csv}")
    }
    #expect(log?.description.contains("events[0].surge: found a job log, expected a generated workload") == true)
  }
}
