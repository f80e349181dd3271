import Results
import Testing

/// Whatever the scenario, what the engine writes follows from its rows.
@Suite struct AuditRandomTests {
  @Test(arguments: 1...24)
  func aRandomScenarioIsClean(_ seed: Int) throws {
    let scratch = try Scratch()
    var random = Lehmer(seed: UInt64(seed) * 7919)
    let zones = 1 + random.below(4)
    let wraps = random.chance(50)
    try scratch.write(trace(zones, &random, from: 0, upTo: 400), as: "carbon.csv")
    try scratch.write(trace(zones, &random, from: -200, upTo: 300), as: "price.csv")
    let isSWF = random.chance(25)
    try scratch.write(isSWF ? log(&random) : jobs(zones, &random), as: isSWF ? "jobs.swf" : "jobs.csv")
    let drains = random.chance(60)
    let zoneLines = (0..<zones).map { place in
      "  - {code: Z\(place), name: Z\(place), region: R, coordinates: {lat: 5\(place), lng: -1}, capacity: {cpu_cores: "
        + "\(2 + random.below(12)), memory_gb: \(4 + random.below(20)), gpus: \(random.below(4))}, "
        + "pue: 1.\(random.below(9)), idle_kw: \(random.below(3))}"
    }
    let backfill = random.chance(50) ? ", {greedy-lowest-carbon: {queue: backfill}}" : ""
    let price = random.chance(30) ? "{constant: -0.05}" : "{file: price.csv, extend: wrap}"
    try scratch.write(
      """
      name: random
      seed: \(seed)
      clock: {start: 2020-03-28T00:00:00Z, duration: \(8 + random.below(60))h}
      zones:
      \(zoneLines.joined(separator: "\n"))
      grid:
        carbon: {file: carbon.csv, extend: \(wraps ? "wrap" : "hold")}
        price: \(price)
      workload: {file: jobs.\(isSWF ? "swf" : "csv")\(isSWF ? ", memory_gb_per_core: 1" : "")}
      policies: [standard, greedy-lowest-carbon\(backfill)]
      baseline: \(random.one(of: ["standard", "greedy-lowest-carbon"]))
      replications: \(1 + random.below(2))
      drain: \(drains)
      outputs: {samples: {every: \(1 + random.below(90))m}, decisions: \(random.chance(50) ? "all" : "none")}

      """, as: "scenario.yaml")
    try scratch.run(scratch.input("scenario.yaml"))
    let report = try scratch.audit()
    #expect(report.passed && report.checkedEverything, "seed \(seed): \(report)")
    #expect(report.runs.allSatisfy { ($0.jobs ?? 0) > 0 && $0.sampleFigures > 0 }, "seed \(seed): \(report)")
    #expect(report.runs.allSatisfy { ($0.chartFigures > 0) == ($0.replication == 1) }, "seed \(seed): \(report)")
  }

  /// Thousandths of a unit at uneven stamps or half hours, a day or two of them from before the clock's start.
  private func trace(_ zones: Int, _ random: inout Lehmer, from low: Int, upTo high: Int) -> String {
    let names = (0..<zones).map { ",Z\($0)" }.joined()
    var text = "datetime\(names)\n"
    let step = random.one(of: [5, 30, 60]) * 60
    for place in 0..<(30 + random.below(60)) {
      let cells = (0..<zones).map { _ in ",\(Double(low + random.below(high - low)) + 0.125)" }.joined()
      text += "\(1_585_353_600 - 3 * step + place * step)\(cells)\n"
    }
    return text
  }

  private func jobs(_ zones: Int, _ random: inout Lehmer) -> String {
    var text =
      "job_id,submitted_at,duration_s,actual_duration_s,required_cpu_cores,required_memory_gb,required_gpus,"
      + "estimated_energy_kwh,carbon_cap_gco2,max_price_gbp,deadline,home_zone,urgency\n"
    for place in 0..<(20 + random.below(120)) {
      let at = 1_585_353_600 + random.below(8 * 3600)
      let estimate = 60 + random.below(20_000)
      let cells = [
        "job \(place), \"é\"".replacing("\"", with: random.chance(5) ? "\"\"" : ""), "\(at).\(random.below(1000))",
        "\(estimate)",
        random.chance(70) ? "\(1 + random.below(3 * estimate)).25" : "", "\(random.below(9)).5", "\(random.below(9))",
        random.chance(30) ? "\(random.below(4))" : "", random.chance(50) ? "\(random.below(50)).7" : "",
        random.chance(30) ? "\(random.below(3000))" : "", random.chance(30) ? "\(random.below(3))" : "",
        random.chance(40) ? "\(at + random.below(40_000) + 1)" : "", random.chance(40) ? "Z\(random.below(zones))" : "",
        random.one(of: ["LOW", "high", ""]),
      ]
      text += "\"\(cells[0])\"," + cells.dropFirst().joined(separator: ",") + "\n"
    }
    return text
  }

  /// Job numbers as some logs have them: with zeros in front.
  private func log(_ random: inout Lehmer) -> String {
    (1...40).map { place in
      "\(place % 3 == 0 ? "00" : "")\(place) \(place * random.below(300)) -1 \(1 + random.below(9000)) "
        + "\(1 + random.below(6)) -1 -1 -1 \(1 + random.below(9000)) -1 1 \(random.below(4)) 1 1 1 1 -1 -1\n"
    }.joined()
  }
}
