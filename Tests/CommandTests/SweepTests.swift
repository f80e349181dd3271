import Foundation
import Testing

/// `pylon sweep` and what other commands make of its results.
@Suite struct SweepTests {
  private static let points = "sweep: {grid: {zones.NORTH.pue: [1, 1.5], workload.rate: [1, 2]}}"

  private static func make() throws -> Workshop {
    let workshop = try Workshop()
    try workshop.change("s.yaml", "workload: {file: jobs.csv}", "workload: {preset: pylon, rate: 2}")
    try workshop.change("s.yaml", "carbon: {file: carbon.csv}", "carbon: {file: carbon.csv, extend: hold}")
    try workshop.write("s.yaml", try workshop.read("s.yaml") + "replications: 3\n" + points + "\n")
    return workshop
  }

  private static func query(_ workshop: Workshop, _ file: String, _ sql: String) throws -> [Substring] {
    let outcome = try workshop.shell("sqlite3 '\(file)' \"\(sql)\"")
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome.out.split(separator: "\n")
  }

  /// A point of the results is what `pylon run` gives there: figures, zones, policies' own, comparison.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/sqlite3"), "sqlite3 is not here"))
  func aPointIsARun() throws {
    let workshop = try SweepTests.make()
    let swept = try workshop.run(["sweep", "run", "s.yaml", "--out", "sw"])
    #expect(
      swept.status == 0
        && swept.out.hasSuffix("written: sw/ (results.sqlite, sweep.csv and charts: 4 points, 12 units)\n"))
    let run = try workshop.simulate("--set", "zones.NORTH.pue=1.5", "--set", "workload.rate=1")
    #expect(run.status == 0)
    let clean = try SweepTests.query(
      workshop, "sw/results.sqlite", "PRAGMA integrity_check; SELECT count(*) FROM pragma_foreign_key_check")
    #expect(clean == ["ok", "0"])
    let settings = try SweepTests.query(workshop, "sw/results.sqlite", "SELECT * FROM points")
    #expect(settings == ["1|1|1", "2|1|2", "3|1.5|1", "4|1.5|2"])
    let types = try SweepTests.query(
      workshop, "sw/results.sqlite",
      "SELECT DISTINCT typeof([zones.NORTH.pue]), typeof([workload.rate]) FROM metrics_wide WHERE point = 3")
    #expect(types == ["real|integer"])
    #expect(
      try SweepTests.query(workshop, "sw/results.sqlite", "SELECT value FROM point_settings WHERE point = 4")
        == ["2", "1.5"])
    for sql in [
      "SELECT policy, replication, metric, value FROM run_metrics JOIN runs USING (run_id) WHERE @ "
        + "ORDER BY replication, policy, metric",
      "SELECT policy, replication, zone_metrics.* FROM zone_metrics JOIN runs USING (run_id) WHERE @ "
        + "ORDER BY replication, policy, grid_zone_id",
      "SELECT replication, policy, seed, is_baseline, clock_start, clock_end, drain, trace_set, event_order_version, "
        + "placement_signature, stays_at_home, checkpoint_s FROM runs WHERE @ ORDER BY replication, policy",
    ] {
      func rows(_ file: String, _ which: String, from first: Int) throws -> [String] {
        // Runs are numbered through all points.
        try SweepTests.query(workshop, file, sql.replacing("@", with: which)).map { line in
          var cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
          if sql.contains("zone_metrics.*") { cells[2] = "\((Int(cells[2]) ?? 0) - first)" }
          return cells.joined(separator: "|")
        }
      }
      let own = try rows("out/results.sqlite", "1", from: 0)
      #expect(try rows("sw/results.sqlite", "point = 3", from: 12) == own && own.count >= 6)
    }
    for format in ["csv", "text"] {
      let point = try workshop.run([
        "compare", "sw/results.sqlite", "--point", "3", "--metric", "all", "--format", format,
      ])
      let alone = try workshop.run(["compare", "out/results.sqlite", "--metric", "all", "--format", format])
      #expect(point.status == 0 && point.out == alone.out && alone.out.count > 1000)
    }
  }

  /// What cannot be told of a sweep as a whole is refused.
  @Test func sweepsAreNoRuns() throws {
    let workshop = try SweepTests.make()
    #expect(try workshop.run(["sweep", "run", "s.yaml", "--out", "sw", "--quiet"]).status == 0)
    let found = "pylon: sw/results.sqlite: found the result of a sweep (4 points), expected a result of pylon run"
    for (arguments, message) in [
      (["audit", "sw/results.sqlite"], found + "\n"),
      (["compare", "sw/results.sqlite"], found + ", or --point with one from 1 to 4\n"),
      (
        ["compare", "sw/results.sqlite", "--point", "5"],
        "pylon: sw/results.sqlite: found no point 5, expected one from 1 to 4\n"
      ),
    ] {
      let outcome = try workshop.run(arguments)
      #expect(outcome.status == 2 && outcome.error == message && outcome.out.isEmpty)
    }
  }

  @Test func theScriptForSlurm() throws {
    let workshop = try SweepTests.make()
    try FileManager.default.moveItem(atPath: workshop.path + "/s.yaml", toPath: workshop.path + "/it's.yaml")
    #expect(try workshop.run(["sweep", "run", "it's.yaml", "--out", "sw", "--shard", "2/5"]).status == 0)
    let outcome = try workshop.run([
      "sweep", "submit", "it's.yaml", "--out", "sw", "--slurm", "--array-size", "5", "--at-once", "3", "--dry-run",
      "--sbatch=--time=02:00:00", "--program", "/opt/pylon",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(
      outcome.out
        == "9 of 12 units are not done\nwritten: sw/slurm/array-1.sh (4 of 5 shards), not submitted\n")
    let script = try workshop.read("sw/slurm/array-1.sh")
    for line in [
      "#SBATCH --array=1,3-5%3\n", "#SBATCH --comment=5\n", "#SBATCH --requeue\n", "#SBATCH --time=02:00:00\n",
      "#SBATCH --job-name=pylon-small-",
    ] { #expect(script.contains(line), "\(script)") }
    #expect(script.hasSuffix(" '--threads' '1' '--shard' \"$SLURM_ARRAY_TASK_ID/5\"\n"))
    // The last line is a shell's: with an echo in place of the program it tells what the program would get.
    let command = script.split(separator: "\n").last?.replacing("exec '/opt/pylon'", with: "echo") ?? ""
    let told = try workshop.shell("SLURM_ARRAY_TASK_ID=4; " + command)
    let place = URL(fileURLWithPath: workshop.path).resolvingSymlinksInPath().path
    #expect(
      told.out.replacing(workshop.path, with: place)
        == "sweep run \(place)/it's.yaml --out \(place)/sw --threads 1 --shard 4/5\n")
    let missing = try workshop.run(["sweep", "submit", "it's.yaml"])
    #expect(missing.status == 2 && missing.error.contains("found no batch system, expected --slurm"))
    let collected = try workshop.run(["sweep", "collect", "it's.yaml", "--out", "sw"])
    #expect(
      collected.status == 3 && collected.error.hasPrefix("pylon: 4 points, 3 of 12 units done\nmissing: point 1, "))
  }
}
