import Domain
import Foundation
import Scenarios
import Testing

/// Items that overrides append to lists, and hints for what operators write.
@Suite struct OverrideTests {
  private func document(
    zones: String = "gb-14", price: String = "{constant: 0.2}", workload: String = "{preset: pylon}",
    _ events: String = ""
  ) throws -> ScenarioDocument {
    try ScenarioDocument(
      text: """
        name: n
        clock: {start: 2020-01-06T00:00:00Z, duration: 14d}
        zones: \(zones)
        grid: {carbon: {constant: 100}, price: \(price)}
        workload: \(workload)
        policies: [standard, greedy-lowest-carbon]
        \(events)
        """, path: "s.yaml")
  }

  private let policies = ["standard", "greedy-lowest-carbon", "cheapest"]

  private func faults(_ document: ScenarioDocument, _ overrides: (key: String, value: String)...) -> String {
    do {
      _ = try document.scenario(overrides: overrides, knownPolicies: policies)
      return ""
    } catch { return "\(error)" }
  }

  private let wales = "{code: WALES, coordinates: {lat: 52, lng: -4}, capacity: {cpu_cores: 8}}"

  /// A zone behind those of a list and of a preset in both forms; ids go on.
  @Test func aZoneIsAdded() throws {
    let list = "[{code: NORTH, coordinates: {lat: 55, lng: -4}, capacity: {gpus: 8}}]"
    for (zones, count) in [(list, 1), ("gb-14", 14), ("{preset: gb-14, pue: 1.2}", 14)] {
      let plain = try document(zones: zones).scenario(knownPolicies: policies)
      let longer = try document(zones: zones).scenario(
        overrides: [("zones.+", wales), ("zones.WALES.pue", "1.3")], knownPolicies: policies)
      #expect(plain.zones.count == count && Array(longer.zones.prefix(count)) == plain.zones)
      let added = try #require(longer.zones.last)
      #expect(longer.zones.count == count + 1 && added.code == "WALES" && added.id == count + 1 && added.pue == 1.3)
    }
  }

  /// An event, or several, behind those of the scenario, or of none.
  @Test func eventsAreAdded() throws {
    let outage = "{outage: {zone: London, from: 1d, duration: 6h}}"
    let price = "{price: {from: 0h, factor: 2}}"
    let one = try document("events: [\(outage)]").scenario(overrides: [("events.+", price)], knownPolicies: policies)
    #expect(one.events.outages.count == 1 && one.events.shocks.count == 1)
    #expect(one.events.shocks[0].span.upperBound == .never)
    let two = try document().scenario(overrides: [("events.+", "[\(outage), \(price)]")], knownPolicies: policies)
    #expect(two.events.outages.count == 1 && two.events.shocks.count == 1)
    let more = try document("events: ~").scenario(
      overrides: [("events.+", price), ("policies.+", "cheapest")], knownPolicies: policies)
    #expect(more.events.shocks.count == 1 && more.policies.map(\.name) == policies)
  }

  @Test func aPlusBelongsBehindAList() throws {
    let message = "found a + that appends to no list, expected + as the last part, behind a list"
    for key in ["zones.+.pue", "clock.+", "events.+.outage", "name.+"] {
      let told = faults(try document(), (key, "1"))
      #expect(told.contains(message), "\(key): \(told)")
    }
  }

  /// From the clock's start on an outage closes a zone, a price event is for good; a surge needs an end.
  @Test func eventsWithoutAnEnd() throws {
    let events = "[{outage: {zone: London, from: 0h}}, {carbon: {from: 1d, factor: 50%}}]"
    let scenario = try document("events: \(events)").scenario(knownPolicies: policies)
    let changes = scenario.events.changes(of: scenario.zones)
    #expect(changes.count == 1 && changes[0].isOut && changes[0].zone == 12 && changes[0].at == scenario.start)
    #expect(scenario.events.shocks[0].span.upperBound == .never)
    #expect(faults(try document(), ("events", "[{surge: {from: 0h, factor: 2}}]")).contains("surge.duration"))
  }

  @Test(arguments: [
    ("zones.London.pue", "1,4", "did you mean 1.4?"),
    ("zones.London.gpus", "6", "expected it in capacity: {cpu_cores: …, memory_gb: …, gpus: …}"),
    ("zones.Lodon.pue", "1.4", "did you mean London (GB-LONDON)?"),
    ("grid.price", "0.2", "did you mean {constant: 0.2}?"),
    ("grid.carbon", "gb-14", "did you mean {synthetic: gb-14}?"),
    ("grid.price", "prices.csv", "did you mean {file: prices.csv}?"),
    ("events", "[{outage: {zone: London, from: Tue 12pm}}]", "did you mean Tue 12:00?"),
    ("events", "[{outage: {zone: London, from: Tue 9.30}}]", "did you mean Tue 09:30?"),
    ("events", "[{outage: {zone: London, from: 6 pm}}]", "did you mean 18:00?"),
    ("zones", "{London: {capacity: {gpus: 6}}}", "one value of a zone is written zones.London.capacity.gpus: 6"),
    ("grid.price", "{synthetic: gb-14, scale: 2}", "events.+={price: {from: 0h, factor: 2}}"),
  ]) func hints(key: String, value: String, hint: String) throws {
    let told = faults(try document(), (key, value))
    #expect(told.contains(hint), "\(told)")
  }

  /// Jobs of a file have no classes: the message names the file and the column.
  @Test func classesOfAJobFile() throws {
    let told = faults(try document(workload: "{file: jobs.csv}"), ("workload.classes.*.deferral_window", "12h"))
    #expect(
      told.hasSuffix(
        "workload.classes: found classes, which only drawn jobs have, expected no classes, as the jobs are in jobs.csv: "
          + "its column deferral_window_mins applies to each job; to try other values, change a copy of the file and "
          + "write workload.file=patient.csv (see WhatIf.md)"), "\(told)")
  }

  /// Old values are those of the document with its defaults; a list that is replaced names what it loses.
  @Test func changesHaveOldValues() throws {
    let outage = "{outage: {zone: London, from: 1d, duration: 6h}}"
    let changes = try document("events: [\(outage)]").changes(
      by: [
        ("zones.*.capacity.gpus", "16"), ("grid.forecast.model", "perfect"), ("zones.London.pue", "1.3"),
        ("events", "[{price: {from: 0h, factor: 2}}]"), ("events.+", outage), ("workload.rate", "2"),
      ], after: [("zones.London.capacity.gpus", "4")], knownPolicies: policies)
    #expect(changes.map(\.key).count == 6)
    #expect(changes[0].before == ["8", "4"] && changes[0].after == "16")
    #expect(changes[1].before == ["persistence"] && changes[1].after == "perfect")
    #expect(changes[2].before == ["1"] && changes[2].after == "1.3" && changes[2].dropped.isEmpty)
    #expect(changes[3].dropped.count == 1 && changes[3].dropped[0].contains("London"))
    #expect(changes[4].before.isEmpty && changes[4].after == outage && changes[4].dropped.isEmpty)
    #expect(changes[5].before == ["1"] && changes[5].after == "2")
  }
}
