import Foundation
import Testing

/// Traces as people have them, from the file to the figures of a run.
@Suite struct TraceCaseTests {
  private func csv(_ rows: [(String, String)]) -> String {
    "datetime,NORTH\n" + rows.map { "2020-01-\($0.0)Z,\($0.1)\n" }.joined()
  }

  private func scenario(_ workshop: Workshop, grid: String, duration: String = "1d", north: String = "") throws {
    try workshop.write(
      "s.yaml",
      """
      name: small
      clock: {start: 2020-01-06T00:00:00Z, duration: \(duration)}
      zones:
        - {code: NORTH, coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 8, memory_gb: 32, gpus: 2}\(north)}
      grid: \(grid)
      workload: {file: jobs.csv}
      policies: [standard]

      """)
  }

  private func metric(_ workshop: Workshop, _ name: String) throws -> Double? {
    let lines = try workshop.read("out/metrics.csv").split(separator: "\n")
    let cells = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    return cells[0].firstIndex { $0 == name }.flatMap { Double(cells[1][$0]) }
  }

  /// The last row behind a gap is an hour, for a run as for what is imported; the rest of the clock has no trace.
  @Test func aTraceEndsAnHourAfterItsLastRow() throws {
    let workshop = try Workshop()
    let rows = (0..<24).map { ("06T\($0 < 10 ? "0" : "")\($0):00", "\(100 + $0)") } + [("09T00:00", "500")]
    try workshop.write("c.csv", csv(rows))
    try scenario(workshop, grid: "{carbon: {file: c.csv, gaps: hold}, price: {constant: 0.2}}", duration: "5d")
    let described = try workshop.run(["trace", "describe", "c.csv"])
    #expect(described.out.contains("2020-01-09 01:00 UTC        60     73      48  124.4"))
    let refused = try workshop.simulate()
    #expect(refused.status == 2 && refused.error.contains("2020-01-06T00:00:00.000Z to 2020-01-09T01:00:00.000Z"))
    #expect(try workshop.run(["trace", "import", "c.csv", "--gaps", "hold", "--out", "i.csv"]).status == 0)
    let imported = try workshop.simulate("--set", "grid.carbon.file=i.csv")
    #expect(imported.status == 2 && imported.error.contains("2020-01-06T00:00:00.000Z to 2020-01-09T01:00:00.000Z"))
    // Held beyond its end, it is noted, by validate too.
    let note =
      "note: carbon: held (extend: hold) for its last 1 d 23 h: the trace of NORTH covers 2020-01-06 00:00 UTC to "
      + "2020-01-09 01:00 UTC"
    let held = try workshop.simulate("--set", "grid.carbon.extend=hold")
    #expect(held.status == 0 && held.out.contains(note))
    #expect(try workshop.run(["validate", "s.yaml", "--set", "grid.carbon.extend=hold"]).out.contains(note))
    let covered = try workshop.simulate("--set", "grid.carbon.extend=hold", "--set", "clock.duration=1d")
    #expect(covered.status == 0 && !covered.out.contains("held ("))
  }

  /// A blank at 00:20 between 100 at 00:00 and 130 at 01:00 is 110; 1 kWh until 01:00.
  @Test func aBlankOfAnUnevenTraceIsFilled() throws {
    let workshop = try Workshop()
    try workshop.write(
      "c.csv",
      csv([
        ("06T00:00", "100"), ("06T00:20", ""), ("06T01:00", "130"), ("06T01:45", "120"), ("06T02:15", "110"),
        ("07T02:15", "110"),
      ]))
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s,estimated_energy_kwh\na,2020-01-06T00:20Z,2400,1\n")
    try scenario(workshop, grid: "{carbon: {file: c.csv, gaps: interpolate}, price: {constant: 0.2}}")
    let run = try workshop.simulate()
    #expect(run.status == 0 && run.out.contains("note: carbon: 1 missing step filled (interpolate)"))
    #expect(try metric(workshop, "carbon_kg").map { abs($0 - 0.11) < 1e-12 } == true)
    #expect(
      try workshop.run(["trace", "import", "c.csv", "--gaps", "interpolate", "--out", "i.csv"]).out
        .contains("note: 1 missing step filled"))
    #expect(try workshop.read("i.csv").contains("2020-01-06T00:20:00.000Z,110\n"))
  }

  /// 2 kW for a day at 100 g/kWh and 0.2 GBP/kWh, whatever the PUE, which multiplies the job's 3 kWh alone.
  @Test(arguments: [1, 1.5]) func idlePowerIsAtTheMeter(pue: Double) throws {
    let workshop = try Workshop()
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s,estimated_energy_kwh\na,2020-01-06T00:20Z,3600,3\n")
    try scenario(
      workshop, grid: "{carbon: {constant: 100}, price: {constant: 0.2}}", north: ", pue: \(pue), idle_kw: 2")
    #expect(try workshop.simulate().status == 0)
    let expected = [
      "overhead_kwh": 48, "overhead_carbon_kg": 4.8, "overhead_cost_gbp": 9.6, "energy_kwh": 3 * pue,
      "carbon_kg": 0.3 * pue, "cost_gbp": 0.6 * pue,
    ]
    for (name, value) in expected.sorted(by: { $0.key < $1.key }) {
      #expect(try metric(workshop, name).map { abs($0 - value) < 1e-9 } == true, "\(name)")
    }
  }
}
