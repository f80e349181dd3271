import Foundation
import Testing

/// Slips of operators: syntax that is not YAML, and values that are legal but hardly meant.
@Suite struct OperatorSlipTests {
  private static let text = """
    name: t
    clock: {start: 2020-01-06T00:00:00Z, duration: 1d}
    zones:
      - code: A
        coordinates: {lat: 55, lng: -4}
        pue: 1.4
        capacity: {cpu_cores: 8}
    policies: [standard]

    """

  /// The line of the mistake, counted in the text above.
  @Test(arguments: [
    ("    pue:", "\tpue:", 6, "a tab"),
    ("    pue:", "    \tpue:", 6, "a tab"),
    ("  - code", "\t- code", 4, "a tab"),
    ("pue: 1.4", "pue 1.4", 6, "\"pue 1.4\", in which no colon"),
    ("pue: 1.4", "pue:1.4", 6, "\"pue:1.4\", in which no colon is followed by a space"),
    ("policies: ", "policies ", 8, "\"policies [standard]\", in which no colon"),
    ("name: t", "name t", 1, "\"name t\", which has no colon"),
    ("name: t", "name: a: b", 1, "a second colon in one value"),
    ("    pue", "   pue", 6, "an indentation of 3 spaces"),
    ("    pue", "     pue", 6, "an indentation of 5 spaces, expected 4 spaces"),
    ("  - code", " - code", 5, "more spaces than in line 4"),
    ("policies", " policies", 8, "an indentation of 1 space, expected 0 spaces"),
    ("name: t", "name: \"t", 1, "a quote that is not closed"),
    ("lng: -4}", "lng: -4", 5, "{ without }"),
    ("[standard]", "[standard", 8, "[ without ]"),
    ("lat: 55, lng", "lat: 55 lng", 5, "no comma between two values"),
    ("[standard]", "[standard]]", 8, "text after a value that is complete"),
    ("name: t", "name: %t", 1, "a value that begins with %"),
    ("name: t", "name: *t", 1, "\"*t\", which YAML takes for a reference"),
  ])
  func syntaxErrorsHaveTheirLine(_ old: String, _ new: String, _ line: Int, _ found: String) throws {
    let workshop = try Workshop()
    try workshop.write("t.yaml", Self.text.replacing(old, with: new))
    let refused = try workshop.run(["validate", "t.yaml"])
    #expect(refused.status == 2 && refused.error.contains("t.yaml:\(line): found \(found)"), "\(refused.error)")
  }

  @Test(arguments: [("72", "72h or 72s"), ("6", "6d or 6h"), ("86400", "86400s")])
  func aNumberWithoutAUnitMayBeHours(_ number: String, _ hint: String) throws {
    let workshop = try Workshop()
    let refused = try workshop.run(["validate", "s.yaml", "--set", "clock.duration=\(number)"])
    #expect(refused.status == 2 && refused.error.contains("did you mean \(hint)?"), "\(refused.error)")
  }

  @Test(arguments: [
    ("events=[{capacity: {zone: NORTH, at: 6h, gpus: 0.5}}]", "events[0].capacity.gpus: 0.5 is a part of one GPU (50%"),
    (
      "events=[{outage: {zone: NORTH, at: Mon 18:00, until: Mon 12:00}}]",
      "the next Mon 12:00 is 2020-01-13 12:00 UTC, as the event begins at 2020-01-06 18:00 UTC"
    ),
    ("events=[{price: {at: 6h, duration: 2h, factor: 200}}]", "200 makes it 200 times as much (200% is 2 times"),
    ("requirements={sla_met_pct: 0.95}", "requirements.sla_met_pct: 0.95 of sla_met_pct is less than 1 % (95 is 95 %)"),
    ("checks=[{metric: sla_met_pct, min: 0.95}]", "checks[0].min: 0.95 of sla_met_pct is less than 1 %"),
    ("zones.NORTH.coordinates={lat: -0.13, lng: 51.51}", "latitude 51.51, longitude -0.13 is"),
  ])
  func unlikelyValuesAreNoted(_ change: String, _ note: String) throws {
    let workshop = try Workshop()
    let found = try workshop.run(["validate", "s.yaml", "--set", change])
    #expect(found.status == 0 && found.out.contains("note: ") && found.out.contains(note), "\(found)")
  }

  @Test func likelyValuesAreNotNoted() throws {
    let workshop = try Workshop()
    let events =
      "events=[{outage: {zone: NORTH, at: Mon 06:00, until: Mon 12:00}}, {capacity: {zone: SOUTH, at: 6h, gpus: 50%}}, "
      + "{outage: {zone: SOUTH, at: Mon 18:00, until: Thu 06:00}}, {price: {at: 6h, duration: 2h, factor: 200%}}]"
    let found = try workshop.run(["validate", "s.yaml", "--set", events, "--set", "requirements={sla_met_pct: 95}"])
    #expect(found.status == 0 && !found.out.contains("note: "), "\(found)")
    let lines = [
      "event: outage of NORTH, running jobs fail, from 2020-01-06 06:00 UTC to 2020-01-06 12:00 UTC",
      "event: capacity of SOUTH: 2 → 1 GPUs, from 2020-01-06 06:00 UTC on",
      "event: price of every zone × 2, from 2020-01-06 06:00 UTC to 2020-01-06 08:00 UTC",
    ]
    for line in lines { #expect(found.out.contains(line), "\(found.out)") }
  }

  @Test func columnsOfADecisionsFileAreReadOrNamed() throws {
    let workshop = try Workshop()
    let scenario = Workshop.scenario.replacing(
      "policies: [standard, greedy-lowest-carbon]", with: "policies: [standard, {operator-manual: {decisions: d.csv}}]")
    try workshop.write("s.yaml", scenario)
    try workshop.write(
      "d.csv", "job_id,decided_at,zone,start,reason\na,2020-01-06T00:10:00Z,NORTH,2020-01-06T05:00:00Z,x\n")
    let refused = try workshop.run(["validate", "s.yaml"])
    #expect(refused.status == 2, "\(refused)")
    #expect(refused.error.contains("start: found an unknown column"), "\(refused)")
    #expect(refused.error.contains("did you mean start_at?"))
    try workshop.write(
      "d.csv", "job_id,decided_at,zone,start_at,reason\na,2020-01-06T00:10:00Z,NORTH,2020-01-06T05:00:00Z,x\n")
    let noted = try workshop.run(["validate", "s.yaml"])
    #expect(noted.status == 0 && noted.out.contains("d.csv: columns that were not read: reason"), "\(noted)")
  }
}
