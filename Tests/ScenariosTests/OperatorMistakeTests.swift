import Domain
import Scenarios
import Testing

/// Changes that operators write and do not mean, with the remedies that they are given.
@Suite struct OperatorMistakeTests {
  private func document(_ rest: String) throws -> ScenarioDocument {
    try ScenarioDocument(
      text: """
        name: n
        clock: {start: 2020-01-06T00:00:00Z, duration: 3d}
        zones:
          - {code: London, coordinates: {lat: 51.5, lng: -0.1}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 12}}
          - {code: Leeds, coordinates: {lat: 53.8, lng: -1.5}, capacity: {cpu_cores: 32, memory_gb: 128, gpus: 8}}
        grid: {carbon: {constant: 100}, price: {constant: 0.2}, forecast: {model: perfect, horizon: 24h}}
        workload: {preset: pylon}
        policies: [standard]
        \(rest)
        """, path: "s.yaml")
  }

  private func load(_ overrides: (key: String, value: String)..., rest: String = "") throws -> Scenario {
    try document(rest).scenario(overrides: overrides, knownPolicies: ["standard"])
  }

  private func faults(_ overrides: (key: String, value: String)..., rest: String = "") -> String {
    do {
      _ = try document(rest).scenario(overrides: overrides, knownPolicies: ["standard"])
      return ""
    } catch { return "\(error)" }
  }

  private func event(_ text: String) -> String { faults(("events.+", text)) }

  /// A signed amount would be a change of what is there; taken as the amount it made a rise a fall.
  @Test(arguments: [
    ("{price: {from: 0h, factor: +20%}}", "found +20%", "120%"),
    ("{carbon: {from: 0h, factor: -20%}}", "found -20%", "80%"),
    ("{surge: {from: 0h, duration: 1d, factor: +50%}}", "found +50%", "150%"),
    ("{price: {from: 0h, factor: \"+20%\"}}", "found \"+20%\"", "120%"),
    ("{price: {from: 0h, factor: +2}}", "found +2", "2"), ("{price: {from: 0h, factor: +0.2}}", "found +0.2", "1.2"),
    ("{capacity: {zone: London, from: 0h, gpus: +6}}", "found +6", "18"),
    ("{capacity: {zone: London, from: 0h, gpus: -6}}", "found -6", "6"),
    ("{capacity: {zone: London, from: 0h, gpus: +50%}}", "found +50%", "150%"),
    ("{capacity: {zone: London, from: 0h, gpus: {factor: -50%}}}", "found -50%", "50%"),
  ])
  func signsAreRefused(_ text: String, _ found: String, _ meant: String) {
    let fault = event(text)
    #expect(fault.contains(found) && fault.contains("without a sign"), "\(fault)")
    #expect(fault.hasSuffix("did you mean \(meant)?") && !fault.contains("\n"), "\(fault)")
  }

  /// Everywhere else an override's plus is refused too, with what the value there would become.
  @Test func signsOfOverridesAreRefused() {
    #expect(faults(("zones.London.capacity.gpus", "+6")).hasSuffix("did you mean 18?"))
    #expect(faults(("workload.rate", "+1")).hasSuffix("did you mean 1?"))
    #expect(faults(("grid.price.constant", "120%")).hasSuffix("did you mean 0.24?"))
    #expect(faults(("grid.price.constant", "+10%")).hasSuffix("did you mean 0.22?"))
    #expect(faults(("zones.London.capacity.gpus", "x2")).hasSuffix("did you mean 24?"))
    let all = faults(("zones.*.capacity.gpus", "200%"))
    #expect(all.contains("events.+={capacity: {from: 0h, gpus: 200%}}") && all.hasSuffix("(2 times)"), "\(all)")
    #expect(event("{capacity: {from: 0h, gpus: 200%}}").isEmpty)
  }

  @Test func falls() throws {
    let remark = "events[0].price.factor: a fall to 20 %: for a rise by 20 % write 120%"
    #expect(try load(("events.+", "{price: {from: 0h, factor: 20%}}")).remarks == [remark])
    #expect(try load(("events.+", "{price: {from: 0h, factor: 120%}}")).remarks.isEmpty)
    #expect(try load(("events.+", "{capacity: {zone: London, from: 0h, gpus: 20%}}")).remarks.isEmpty)
  }

  @Test func raisedCapacities() throws {
    let percent = try load(("events.+", "{capacity: {zone: London, from: 0h, gpus: 50}}")).remarks
    #expect(
      percent == [
        "events[0].capacity: more than the zones have: GPUs of London: 12 → 50 (a percentage of what the zone has is 50%)"
      ])
    let all = try load(("events.+", "{capacity: {zone: all, from: 0h, gpus: 200%}}"))
    #expect(all.events.capacities[0].zones == [0, 1])
    #expect(
      all.remarks == ["events[0].capacity: more than the zones have: GPUs of London: 12 → 24; GPUs of Leeds: 8 → 16"])
    #expect(try load(("events.+", "{capacity: {zone: London, from: 0h, gpus: 6}}")).remarks.isEmpty)
  }

  /// A mapping that replaces another one drops the keys that it doesn't repeat.
  @Test func lostKeys() throws {
    let capacity = try load(("zones.London.capacity", "{gpus: 6}"))
    #expect(
      capacity.remarks == [
        "zones.London.capacity also sets cpu_cores 64 → 0, memory_gb 256 → 0; to change one value, write "
          + "zones.London.capacity.gpus"
      ])
    #expect(
      try load(("grid.forecast", "{model: noisy}")).remarks == [
        "grid.forecast also sets horizon 24h → 48h; to change one value, write grid.forecast.model"
      ])
    #expect(
      try load(("zones.*.capacity", "{gpus: 6}")).remarks[0].contains(
        "cpu_cores 64 → 0, memory_gb 256 → 0, cpu_cores 32 → 0, memory_gb 128 → 0"))
    // Another source is meant to be another.
    #expect(try load(("grid.price", "{synthetic: gb-14}")).remarks.isEmpty)
    #expect(try load(("zones.London.capacity", "{cpu_cores: 1, memory_gb: 1, gpus: 6}")).remarks.isEmpty)
    #expect(try load(("zones.London.capacity.gpus", "6")).remarks.isEmpty)
  }

  @Test func remediesWork() {
    let remedy = faults(("events.0.outage.zone", "London"))
    #expect(
      remedy == "--set events.0.outage.zone=London: events: found no events in the scenario, expected "
        + "events.+={outage: {zone: London}}, which adds one")
    #expect(
      faults(("grid.price.factor", "1.2")).contains("expected an event: events.+={price: {from: 0h, factor: 1.2}}"))
    #expect(
      faults(("grid.price.synthetic", "gb-14"))
        == "--set grid.price.synthetic=gb-14: grid.price.synthetic: found synthetic beside constant, expected it in "
        + "place of constant: grid.price={synthetic: gb-14}")
  }

  @Test(arguments: [
    ("{capacity: {zone: London, from: 0h, gpus: half}}", "50%"),
    ("{capacity: {zone: London, from: 0h, gpu: 4}}", "gpus"),
    ("{outage: {zone: London, from: Wednsday 10:00}}", "Wednesday 10:00"),
    ("{outage: {zone: London, from: 8 Jan 12:00}}", "2020-01-08T12:00:00Z"),
    ("{outage: {zone: London, from: 0h, running: kill}}", "fail"), ("{blackout: {zone: London, from: 0h}}", "outage"),
    ("{outage: {zone: London, from: 0h, for: 6h}}", "duration"),
    ("{outage: {zone: London, from: \"2026-01-08T12:00:00Z\"}}", "2020-01-08T12:00:00Z"),
  ])
  func oneMistakeOnce(_ text: String, _ meant: String) {
    let fault = event(text)
    #expect(fault.hasSuffix("did you mean \(meant)?") && !fault.contains("\n"), "\(fault)")
  }

  @Test func timesWithinTheClock() throws {
    #expect(
      event("{outage: {zone: London, from: 5d}}").hasSuffix(
        "found 5d, expected an instant within the clock, from 2020-01-06 00:00 UTC to before 2020-01-09 00:00 UTC"))
    let maps = try load(("outputs.maps", "[Tue 14:00, 36h]")).outputs.maps
    #expect(maps == .at([Instant(text: "2020-01-07T14:00:00Z")!, Instant(text: "2020-01-07T12:00:00Z")!]))
  }

  @Test func namesOfRegions() throws {
    func zone(_ name: String) throws -> [Int] {
      try load(("zones", "gb-14"), ("events.+", "{outage: {zone: \(name), from: 0h}}")).events.outages[0].zones
    }
    #expect(try zone("Greater London") == [12] && zone("South East") == [13] && zone("East of England") == [9])
    #expect(try zone("all").count == 14)
    func fault(_ name: String) -> String {
      faults(("zones", "gb-14"), ("events.+", "{outage: {zone: \(name), from: 0h}}"))
    }
    #expect(fault("Scotland").hasSuffix("did you mean North Scotland (GB-N-SCOT) or South Scotland (GB-S-SCOT)?"))
    #expect(fault("Edinburgh").hasSuffix("did you mean South Scotland (GB-S-SCOT)?"))
    #expect(fault("Atlantis").contains("GB-S-SCOT (Glasgow, South Scotland)"))
  }

  @Test func boundsOfWaits() throws {
    #expect(try load(("requirements.wait_mean_s", "1h")).requirements.last?.most == 3600)
    #expect(try load(("requirements.wait_p95_s", "{max: 2h}")).requirements.last?.most == 7200)
    #expect(faults(("requirements.wait_mean_s", "1 hour")).hasSuffix("did you mean 1h?"))
    #expect(Requirement(metric: "wait_p95_s", most: 7200).text == "95th percentile of waits at most 7200 s (2 h)")
    #expect(Metric.names.allSatisfy { Requirement(metric: $0).title != $0 })
  }
}
