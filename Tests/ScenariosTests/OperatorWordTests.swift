import Domain
import Foundation
import Scenarios
import Testing

/// Changes and events in the words of people who operate zones.
@Suite struct OperatorWordTests {
  private func document(_ events: String = "", clock: String = "") throws -> ScenarioDocument {
    try ScenarioDocument(
      text: """
        name: n
        clock: {start: 2020-01-06T00:00:00Z, duration: 14d\(clock)}
        zones: gb-14
        grid: {carbon: {constant: 100}, price: {constant: 0.2}}
        workload: {preset: pylon}
        policies: [standard, greedy-lowest-carbon, {cheapest: {queue: fifo}}]
        \(events)
        """, path: "s.yaml")
  }

  private let policies = ["standard", "greedy-lowest-carbon", "cheapest"]

  private func load(_ overrides: (key: String, value: String)..., events: String = "", clock: String = "") throws
    -> Scenario
  {
    try document(events, clock: clock).scenario(overrides: overrides, knownPolicies: policies)
  }

  private func faults(_ overrides: (key: String, value: String)..., events: String = "", clock: String = "") -> String {
    do {
      _ = try document(events, clock: clock).scenario(overrides: overrides, knownPolicies: policies)
      return ""
    } catch { return "\(error)" }
  }

  private func classes(_ scenario: Scenario) throws -> [WorkloadClass] {
    guard case .generated(let model) = scenario.workload else { throw Missing() }
    return model.classes
  }

  private struct Missing: Error {}

  /// "Let batch jobs wait 12 h": all classes of a preset, one by name, those of a type.
  @Test func classesOfAPreset() throws {
    let twelve = DeferralRule.span(.hours(12))
    let all = try classes(load(("workload.classes.*.deferral_window", "12h")))
    #expect(all.count == 5 && all.allSatisfy { $0.deferral == twelve })
    let one = try classes(load(("workload.classes.training.deferral_window", "12h")))
    #expect(one.map { $0.deferral == twelve } == [true, false, false, false, false])
    let type = try classes(load(("workload.classes.inference-batch.deferral_window", "12h")))
    #expect(type.map { $0.deferral == twelve } == [false, true, false, false, false])
    // Written out, a preset is what it was.
    let plain = try classes(load())
    #expect(try classes(load(("workload.classes.rag.weight", "15"))) == plain)
    let rate = try load(("workload.rate", "3"), ("workload.arrivals.daily.weekend", "[1, 2]"))
    guard case .generated(let model) = rate.workload, case .daily(let counts) = model.arrivals.process else {
      throw Missing()
    }
    #expect(counts.rate == 3 && counts.weekend == 1...2 && counts.weekday == 10...19)
  }

  @Test func zonesOfAPreset() throws {
    let all = try load(("zones.*.capacity.gpus", "3"))
    #expect(all.zones.count == 14 && all.zones.allSatisfy { $0.capacity.gpus == 3 && $0.capacity.cpuCores == 64 })
    for name in ["GB-LONDON", "London", "london"] {
      let one = try load(("zones.\(name).pue", "1.5"))
      #expect(one.zones.filter { $0.pue == 1.5 }.map(\.code) == ["GB-LONDON"])
    }
    var same = try load(("zones.GB-LONDON.pue", "1")).zones
    for place in same.indices { same[place].aliases = Zone.gb14[place].aliases }
    #expect(same == Zone.gb14)
    let queues = try load(("policies.*.queue", "backfill"), ("policies", "[greedy-lowest-carbon, cheapest]"))
    #expect(queues.policies.map(\.parameters.values) == [[:], [:]])
    let after = try load(
      ("policies", "[greedy-lowest-carbon, {cheapest: {queue: fifo}}]"), ("policies.*.queue", "backfill"))
    #expect(after.policies.map { $0.parameters.text("queue") } == ["backfill", "backfill"])
  }

  /// One mistake is one message, into however many places it was written.
  @Test func aMistakeInAWildcardIsToldOnce() {
    #expect(
      faults(("zones.*.pue", "0.5"))
        == "--set zones.*.pue=0.5: zones[0].pue: found 0.5, expected a number from 1 to 1,000,000 (14 times)")
    let unknown = faults(("workload.classes.trainig.weight", "2"))
    #expect(unknown.contains("workload.classes.trainig: found no such value to override, expected one of training, "))
    #expect(unknown.contains("did you mean training?"))
  }

  private func instant(_ text: String) throws -> Instant { try #require(Instant(text: text)) }

  /// "London loses half its GPUs on Tuesday afternoon."
  @Test func weekdaysCitiesAndShares() throws {
    let events = try load(
      events: """
        events:
          - capacity: {zone: london, at: Tue 14:00, until: 18:00, gpus: 50%}
          - outage: {zone: [South Scotland, GB-YORK], at: wednesday, until: Thu 06:30}
          - price: {at: 09:00, duration: 2h, factor: 150%}
          - surge: {from: Sat 00:00, duration: 1d, factor: 3}
        """
    ).events
    #expect(events.capacities[0].zones == [12] && events.capacities[0].gpus == .factor(0.5))
    #expect(
      try events.capacities[0].span == instant("2020-01-07T14:00:00Z")..<instant("2020-01-07T18:00:00Z"))
    #expect(events.outages[0].zones == [1, 4])
    #expect(try events.outages[0].span == instant("2020-01-08T00:00:00Z")..<instant("2020-01-09T06:30:00Z"))
    #expect(try events.shocks[0].span.lowerBound == instant("2020-01-06T09:00:00Z") && events.shocks[0].factor == 1.5)
    #expect(try events.surges[0].span.lowerBound == instant("2020-01-11T00:00:00Z"))
  }

  /// Times of the week are those of the scenario's zone; Berlin is an hour ahead in winter.
  @Test func timesAreOfTheScenariosZone() throws {
    let zone = ", time_zone: Europe/Berlin"
    let events = try load(events: "events: [{outage: {zone: London, from: Mon 00:30, duration: 1h}}]", clock: zone)
      .events
    // Monday 00:30 in Berlin was half an hour before the clock: the next one counts.
    #expect(try events.outages[0].span.lowerBound == instant("2020-01-12T23:30:00Z"))
    #expect(
      faults(clock: ", time_zone: Berlin").hasPrefix(
        "s.yaml:2: clock.time_zone: found Berlin, expected a time zone's name such as Europe/London, or UTC; did you "
          + "mean Europe/Berlin?"))
  }

  @Test func timesOfTheWeekAndWindows() throws {
    let event = "events: [{outage: {zone: London, from: Tue 14:00, duration: 1h}}]\n"
    let weeks = try load(events: event + "replications: {windows: 3, every: 7d}")
    #expect(weeks.events.outages[0].movesWithClock)
    let days = faults(events: event + "replications: {windows: 3, every: 1d}")
    #expect(
      days.contains("events[0].outage.from: found Tue 14:00, expected an instant or a time span after the clock's"))
  }

  @Test func faultsOfEvents() {
    let text = faults(
      events: """
        events:
          - outage: {zone: Londn, at: 1h, from: 2h, duration: 1h}
          - capacity: {zone: London, at: Tuez 14:00, gpus: 50%}
          - capacity: {zone: London, at: Tue 25:00, gpus: -5%}
          - outage: {zone: London, from: Tue 14:00, until: 13d, duration: 1h}
        """)
    for part in [
      "events[0].outage.zone: found Londn, expected a zone's code, name or region, one of GB-N-SCOT",
      "did you mean London?", "events[0].outage.from: found both, expected either at or from",
      "events[1].capacity.at: found Tuez 14:00, expected an instant such as 2020-01-06T00:00:00Z, a time span",
      "events[2].capacity.at: found Tue 25:00", "events[2].capacity.gpus: found -5%",
      "events[3].outage.until: found both",
    ] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
  }
}
