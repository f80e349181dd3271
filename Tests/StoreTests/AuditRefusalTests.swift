import Foundation
import Results
import Runs
import Testing

/// Files that are no results are refused with a message, and nothing that stands in them makes audit fall over.
@Suite struct AuditRefusalTests {
  @Test func filesThatAreNoDatabase() throws {
    let scratch = try Scratch()
    let expected = "expected a results.sqlite or the folder that holds one"
    #expect(scratch.refusal() == "found no such file, \(expected)")
    #expect(Scratch.refusal(of: scratch.path) == "not a file")
    #expect(Scratch.refusal(of: "/dev/null") == "not a file")
    try scratch.write("", as: "results.sqlite")
    #expect(scratch.refusal() == "found 0 bytes, expected a results.sqlite")
    try scratch.write("run_id,policy\n", as: "results.sqlite")
    #expect(scratch.refusal() == "found no SQLite database, \(expected)")
    try scratch.write("SQLite format 3\0" + String(repeating: "x", count: 4096), as: "results.sqlite")
    #expect(scratch.refusal() == "found no SQLite database, \(expected)")
  }

  @Test func databasesThatAreNoResult() throws {
    let other = try Scratch()
    try other.change("CREATE TABLE runs (run_id INTEGER)")
    let lacks = try #require(other.refusal())
    #expect(lacks.hasPrefix("not a result of pylon run: it lacks runs.policy, runs.replication, "))
    #expect(
      lacks.hasSuffix(
        "table compute_workloads, table workload_segments, table run_metrics, table zone_metrics, table zone_samples, "
          + "table trace_steps"))
    let result = try Fixture.cutOff.copy()
    try result.change("ALTER TABLE compute_workloads DROP COLUMN actual_end; DROP TABLE users")
    #expect(
      result.refusal() == "not a result of pylon run: it lacks table users, compute_workloads.actual_end")
    let empty = try Fixture.cutOff.copy()
    try empty.change("DELETE FROM runs")
    #expect(empty.refusal() == "the table runs is empty")
  }

  /// Reading these would run what somebody else wrote, without an end here.
  @Test func viewsAreNotRead() throws {
    let endless = try Fixture.cutOff.copy()
    try endless.change(
      """
      DROP TABLE users;
      CREATE VIEW users AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS id FROM n
      """)
    #expect(
      endless.refusal()
        == "expected plain tables; these are views or virtual tables, or have generated columns: users")
    let computed = try Fixture.cutOff.copy()
    try computed.change("ALTER TABLE users ADD COLUMN twice TEXT GENERATED ALWAYS AS (id || id) VIRTUAL")
    #expect(computed.refusal()?.hasSuffix("have generated columns: users") == true)
  }

  @Test(arguments: [
    (
      "compute_workloads", "submitted_at", "'yesterday'", "\"yesterday\"", "an instant such as 2020-01-06T00:00:00.000Z"
    ),
    (
      "compute_workloads", "submitted_at", "'2020-02-30T00:00:00.000Z'", "\"2020-02-30T00:00:00.000Z\"",
      "an instant such as"
    ),
    (
      "compute_workloads", "actual_start", "'2020-01-06T00:00:00.00xZ'", "\"2020-01-06T00:00:00.00xZ\"",
      "an instant such as"
    ),
    ("compute_workloads", "actual_end", "1e999", "\"Inf\"", "an instant such as"),
    ("compute_workloads", "duration_s", "-1", "-1.0", "a number of at least 0"),
    ("compute_workloads", "actual_duration_s", "1e300", "1.0e+300", "a number of at most 4e12"),
    ("compute_workloads", "required_cpu_cores", "9e999", "Inf", "a finite number"),
    ("compute_workloads", "carbon_emitted_kg", "'much'", "\"much\"", "a finite number"),
    ("compute_workloads", "cost_gbp", "x'0102'", "2 bytes", "a finite number"),
    ("compute_workloads", "chosen_grid_zone", "'A'", "\"A\"", "a whole number"),
    ("grid_zones", "pue", "'high'", "\"high\"", "a finite number"),
    ("runs", "clock_start", "'2020'", "\"2020\"", "an instant such as"),
    ("runs", "drain", "2", "2", "0 or 1"),
    ("trace_steps", "value", "-9e999", "-Inf", "a finite number"),
    ("run_metrics", "value", "'a lot'", "\"a lot\"", "a finite number"),
    ("zone_metrics", "cost_gbp", "x''", "0 bytes", "a finite number"),
    ("zone_samples", "running", "1.5", "1.5", "a whole number"),
  ])
  func cellsOfAWrongKind(_ table: String, _ column: String, _ value: String, _ found: String, _ expected: String) throws
  {
    let scratch = try Fixture.cutOff.copy()
    try scratch.change("UPDATE \(table) SET \(column) = \(value)")
    let text = try #require(scratch.refusal())
    // A later SQLite's own check comes first: it knows of text in columns of numbers.
    #expect(
      (text.contains(", \(column): found \(found), expected \(expected)") && text.contains("\(table), "))
        || text.hasPrefix("the database is damaged:\n  "), "\(text)")
  }

  @Test func absentCells() throws {
    let scratch = try Fixture.cutOff.copy()
    try scratch.change(
      """
      CREATE TABLE bare AS SELECT * FROM compute_workloads;
      DROP TABLE compute_workloads;
      ALTER TABLE bare RENAME TO compute_workloads;
      CREATE UNIQUE INDEX key ON compute_workloads (run_id, id);
      UPDATE compute_workloads SET submitted_at = NULL, status = NULL WHERE id = 2 AND run_id = 1
      """)
    let expected = "an instant such as 2020-01-06T00:00:00.000Z"
    #expect(
      scratch.refusal()
        == "compute_workloads, run_id 1, id 2, status: found nothing, expected text\n"
        + "\(scratch.database): compute_workloads, run_id 1, id 2, submitted_at: found nothing, expected \(expected)"
        .replacing(scratch.database + ": ", with: ""))
  }

  @Test func sumsThatOverflowAreFailuresAndNoCrash() throws {
    let scratch = try Fixture.cutOff.copy()
    try scratch.change(
      """
      UPDATE compute_workloads SET estimated_energy_kwh = 1.7e308, required_memory_gb = 4e12, carbon_cap_gco2 = -1e308;
      UPDATE run_metrics SET value = 9e307; UPDATE grid_zones SET pue = 1.7e308; UPDATE trace_steps SET value = 1e308;
      UPDATE runs SET run_id = 9223372036854775807, baseline_run_id = 9223372036854775807 WHERE run_id = 2
      """)
    #expect(try !ResultAudit(path: scratch.database).passed)
    try scratch.change("UPDATE runs SET clock_start = '0000-01-01T00:00:00.000Z', clock_end = clock_start")
    #expect(try !ResultAudit(path: scratch.database).passed)
  }

  /// Bytes changed at random: a refusal or a report, whichever, but an end.
  @Test func damagedFiles() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Lehmer(seed: seed)
    let whole = try Fixture.cutOff.copy().bytes()
    var refused = 0
    for _ in 0..<100 {
      let scratch = try Scratch()
      var bytes = whole
      for _ in 0...random.below(20) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      if random.below(8) == 0 { bytes = bytes.prefix(random.below(bytes.count)) }
      try bytes.write(to: URL(fileURLWithPath: scratch.database))
      if let text = scratch.refusal() {
        refused += 1
        #expect(!text.hasPrefix("an unexpected"), "seed \(seed): \(text)")
      }
    }
    #expect(refused > 10, "seed \(seed)")
  }
}

/// The minimal generator of Park and Miller, enough for tests.
struct Lehmer {
  private var state: UInt64
  init(seed: UInt64) { state = seed % 2_147_483_646 + 1 }

  mutating func next() -> UInt64 {
    state = state * 48_271 % 2_147_483_647
    return state
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  /// An item of a list.
  mutating func one<Item>(of items: [Item]) -> Item { items[below(items.count)] }
}
