import Foundation
import GRDB
import Reports
import Results
import Runs
import Testing

/// Results that somebody changed in places that no figure follows from: the audit of the command line finds them.
@Suite struct TamperTests {
  private static let events = Fixture { scratch in
    try scratch.write(
      """
      name: out
      clock: {start: 2020-01-06T00:00:00Z, duration: 12h}
      zones:
        - {code: A, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 4, memory_gb: 8, gpus: 1}}
        - {code: B, coordinates: {lat: 53, lng: 0}, capacity: {cpu_cores: 2, memory_gb: 4, gpus: 0}}
      grid: {carbon: {constant: 100}, price: {constant: 0.25}}
      workload: {file: jobs.csv}
      policies: [standard]
      interruption: {allowed: [batch]}
      events: [{outage: {zone: A, from: 2h, until: 3h, running: suspend}}]
      outputs: {decisions: all}

      """, as: "scenario.yaml")
    try scratch.write(
      """
      job_id,submitted_at,duration_s,required_cpu_cores,home_zone,workload_type
      a,2020-01-06T00:10Z,10800,2,A,batch
      b,2020-01-06T00:20Z,14400,1,A,training
      c,2020-01-06T00:30Z,3600,2,B,batch

      """, as: "jobs.csv")
    try scratch.run(scratch.input("scenario.yaml"))
  }

  @Test func theFixtureHasWhatIsTamperedWith() throws {
    let scratch = try TamperTests.events.copy()
    let audit = try scratch.resultAudit()
    #expect(audit.passed, "\(audit.text)")
    let figures = "SELECT sum(value) FROM policy_metrics WHERE metric = "
    #expect(try scratch.number(figures + "'outage_suspensions'") == 1)
    #expect(try scratch.number(figures + "'jobs_failed'") == 1)
    let text = try scratch.resultAudit().text
    #expect(text.hasSuffix("audit: every value agrees with the rows"), "\(text)")
  }

  @Test(arguments: [
    ("UPDATE runs SET policy = 'cheapest'", "policy: found \"cheapest\", expected standard, according to the scenario"),
    ("UPDATE runs SET scenario = 'other'", "scenario: found "), ("UPDATE runs SET seed = '9'", "seed: found "),
    ("UPDATE runs SET drain = 0", "drain: found 0, expected 1"),
    ("UPDATE runs SET currency = 'EUR'", "currency: found "),
    ("UPDATE runs SET currency = x'00'", "currency: found "),
    ("UPDATE runs SET checkpoint_s = 1", "checkpoint_s: found "),
    ("UPDATE grid_zones SET pue = 1.5 WHERE id = 2", "zone B, pue: found 1.5, expected 1"),
    ("UPDATE grid_zones SET zone_name = 'X' WHERE id = 1", "zone A, zone_name: found "),
    // One job was suspended; the one that failed may have been.
    ("UPDATE policy_metrics SET value = 3 WHERE metric = 'outage_suspensions'", "outage_suspensions: found 3"),
    ("UPDATE policy_metrics SET value = 0 WHERE metric = 'jobs_failed'", "jobs_failed: stored 0"),
    ("UPDATE decisions SET kind = 'wish' WHERE decision = 1", "kind: found wish, expected one of recommend, start"),
    (
      "DROP VIEW zones_wide; CREATE VIEW zones_wide AS SELECT 1 AS energy_kwh", "view zones_wide: found different SQL"
    ),
    ("DROP VIEW jobs_wide", "view jobs_wide: found no such view"),
    (
      "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'max(CASE', 'min(CASE') "
        + "WHERE name = 'metrics_wide'", "view metrics_wide: found different SQL"
    ),
  ])
  func aChangeIsFound(_ sql: String, told: String) throws {
    let scratch = try TamperTests.events.copy()
    try scratch.change(sql)
    let audit = try scratch.resultAudit()
    #expect(!audit.passed && audit.failures.contains(told), "\(audit.text)")
  }

  /// Cells of a kind that no writer writes: a refusal or a failure, and never the end of the process.
  @Test(arguments: ["decisions", "decision_options"])
  func oddCellsOfTheLog(_ table: String) throws {
    let untouched = try TamperTests.events.copy()
    let columns = try DatabaseQueue(path: untouched.database).read { database in
      try database.columns(in: table).map(\.name)
    }
    let before = try untouched.bytes()
    for column in columns {
      for value in [
        "NULL", "'x'", "x'00ff'", "9e999", "-9e999", "-1", "1.5", "'{\"a\": \"b\"}'", "9223372036854775807",
      ] {
        let scratch = try TamperTests.events.copy()
        do {
          try scratch.change("PRAGMA ignore_check_constraints = ON; UPDATE OR IGNORE \(table) SET \(column) = \(value)")
        } catch { continue }
        var isFound = false
        do { isFound = try !scratch.resultAudit().passed } catch is BadInput { isFound = true }
        // A column of no rule may hold what it likes: who ranked, of how many.
        let isFree = ["ranked_by", "candidates", "reason", "terms", "score", "start_at", "forecast_issued_at"]
        let changed = try scratch.bytes() != before
        #expect(isFound || isFree.contains(column) || !changed || column.hasPrefix("predicted"), "\(column) = \(value)")
        // Explaining it does not end the process either.
        _ = try? ResultExplanation(path: scratch.database, job: "a", policy: nil, replication: 1).written(as: .text)
        _ = try? ResultExplanation(path: scratch.database, job: "a", policy: nil, replication: 1).written(as: .json)
      }
    }
  }

  @Test func orphansOfTheLogAreFound() throws {
    for sql in [
      "INSERT INTO decisions SELECT 77, decision, decided_at, id, job_id, kind, zone, start_at, reason, ranked_by, "
        + "candidates, forecast_issued_at, score, terms, predicted_intensity_gco2_kwh, predicted_carbon_kg, "
        + "predicted_cost_gbp FROM decisions WHERE decision = 1",
      "UPDATE decisions SET id = 999 WHERE decision = 1",
      "UPDATE decision_options SET decision = 999 WHERE decision = 1",
      "UPDATE decisions SET zone = 999 WHERE kind = 'start'",
    ] {
      let scratch = try TamperTests.events.copy()
      try scratch.change(sql)
      let audit = try scratch.resultAudit()
      #expect(!audit.passed, "\(sql): \(audit.text)")
    }
  }

  /// What could not be checked is listed.
  @Test func aFileWithoutTheScenarioSaysSo() throws {
    let scratch = try TamperTests.events.copy()
    try scratch.change("DELETE FROM provenance")
    let text = try scratch.resultAudit().text
    #expect(text.contains("not checked, as the result holds no scenario text that this version can read: runs"))
    #expect(text.contains("view jobs_wide"), "\(text)")
  }

  /// Another program's lock is waited for, and then named.
  @Test func aLockedResultIsWaitedFor() throws {
    let scratch = try TamperTests.events.copy()
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let queue = try DatabaseQueue(path: scratch.database, configuration: configuration)
    try queue.inDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE") }
    let began = ContinuousClock.now
    do {
      _ = try scratch.resultAudit()
      Issue.record("a locked file was read")
    } catch let error as OutputError {
      #expect(error.description.contains("another program has locked it; waited 5 s"), "\(error)")
    }
    #expect(ContinuousClock.now - began > .seconds(4))
    try queue.inDatabase { try $0.execute(sql: "COMMIT; PRAGMA locking_mode = NORMAL") }
    try queue.close()
    #expect(try scratch.resultAudit().passed)
  }

  /// What a killed run left among the figures goes when a reader looks at the result.
  @Test func leftoversOfFiguresGo() throws {
    let scratch = try TamperTests.events.copy()
    let staging = scratch.path + "/plots/.pylon-partial-999999-ab"
    try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
    try "x".write(toFile: staging + "/map-x.svg", atomically: true, encoding: .utf8)
    _ = try scratch.resultAudit()
    #expect(!FileManager.default.fileExists(atPath: staging))
  }
}
