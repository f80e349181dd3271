import Foundation
import Reports
import Runs
import Testing

/// Results with cells that no run writes, given to everything that reads a result: told as bad input, or read.
@Suite struct HostileResultTests {
  private static let readers: [(name: String, read: @Sendable (String) throws -> Void)] = [
    ("audit", { _ = try ResultAudit(path: $0).text }),
    (
      "compare",
      { path in
        let comparison = try ResultComparison(path: path, metrics: ["all"], confidence: 0.95)
        for format in ResultComparison.Format.allCases { _ = comparison.written(as: format) }
      }
    ),
    (
      "report",
      { path in
        let report = try ResultReport(path: path)
        _ = (report.written(as: .html), report.written(as: .markdown))
      }
    ),
    ("replay", { _ = try ResultReplay(path: $0).html }),
    (
      "explain",
      { path in
        let told = try ResultExplanation(path: path, job: "a", policy: nil, replication: 1)
        for format in ResultExplanation.Format.allCases { _ = try told.written(as: format) }
      }
    ),
    (
      "plot",
      { path in
        let plot = try Plot(path: path)
        for name in plot.available { _ = try plot.svg(name) }
      }
    ),
  ]

  @Test(arguments: [
    "UPDATE run_metrics SET value = 9e999", "UPDATE run_metrics SET value = -1e308",
    "UPDATE run_metrics SET value = CASE WHEN run_id = 1 THEN 1e300 ELSE -1e300 END",
    "UPDATE runs SET replication = 1000000000000000000", "UPDATE runs SET replication = -9223372036854775808",
    "UPDATE runs SET scenario = x'ff00'", "UPDATE runs SET seed = x'ff00'", "UPDATE runs SET scenario = 9e999",
    "UPDATE grid_zones SET cpu_cores = 1e308", "UPDATE grid_zones SET pue = 9e999",
    "UPDATE zone_samples SET running = 9223372036854775807, assigned = 9223372036854775807",
    "UPDATE zone_samples SET carbon_intensity = 9e999", "UPDATE zone_samples SET sampled_at = x'00'",
    "UPDATE compute_workloads SET deferral_window_mins = 1e308",
    "UPDATE compute_workloads SET required_cpu_cores = 'many'", "UPDATE compute_workloads SET chosen_grid_zone = 'A'",
    "UPDATE trace_steps SET value = 1e308", "UPDATE trace_steps SET value = -9e999",
    "UPDATE job_quantiles SET value = 1e308", "UPDATE type_metrics SET carbon_kg = 1e308, jobs_started = 0",
    "UPDATE zone_hours SET cpu_cores_allocated = 9e999", "UPDATE zone_load SET power_kw = 1e308",
    "UPDATE run_metrics SET value = 1e-320",
    "UPDATE runs SET clock_start = '2020-02-07T00:00:00.000Z', clock_end = '2020-01-06T00:00:00.000Z'",
  ]) func absurdCells(change: String) throws {
    let scratch = try Fixture.cutOff.copy()
    try scratch.change(
      "PRAGMA ignore_check_constraints = ON; " + change.replacing("UPDATE ", with: "UPDATE OR IGNORE "))
    var refused = 0
    for reader in HostileResultTests.readers {
      do { try reader.read(scratch.database) } catch let refusal as BadInput {
        #expect(refusal.description.contains("results.sqlite"), "\(reader.name): \(refusal)")
        refused += 1
      }
    }
    // Nobody takes any of them for a result that is in order.
    let passed = (try? ResultAudit(path: scratch.database).passed) ?? false
    let isNoFigure =
      change.contains("job_quantiles") || change.contains("type_metrics") || change.contains("seed")
      || change.contains("zone_hours") || change.contains("zone_load") || change.contains("scenario")
      || change.contains("deferral")
    #expect(!passed || isNoFigure, "\(refused)")
  }
}
