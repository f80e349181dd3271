import Audit
import Foundation
import GRDB
import Runs
import Testing

/// A folder of its own for one test. It goes with its last use, so whatever needs it is a method.
final class Scratch {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-audit-\(UUID().uuidString)").path
  var database: String { path + "/results.sqlite" }
  func file(_ name: String) -> URL { URL(fileURLWithPath: path + "/" + name) }

  /// What results are made of stands apart from them.
  func input(_ name: String) -> String { path + "/in/" + name }

  init() throws { try FileManager.default.createDirectory(atPath: path + "/in", withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, as name: String) throws {
    let place = name == "results.sqlite" ? database : input(name)
    try text.write(toFile: place, atomically: true, encoding: .utf8)
  }

  /// Runs a scenario of this folder into it.
  func run(_ scenario: String, overrides: [(key: String, value: String)] = []) throws {
    _ = try OpenScenario(path: scenario, overrides: overrides, policies: [], seed: nil)
      .run(into: path, figures: path + "/plots")
  }

  func change(_ sql: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: database, configuration: configuration)
    // Views need not fit while tables are changed.
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA legacy_alter_table = ON; " + sql) }
    try queue.close()
  }

  func number(_ sql: String) throws -> Double? {
    try DatabaseQueue(path: database).read { try Double.fetchOne($0, sql: sql) }
  }

  func audit() throws -> AuditReport { try Audit(path: database).run() }
  /// As the command line has it.
  func resultAudit() throws -> ResultAudit { try ResultAudit(path: database) }

  /// The refusal's message without the path before it; `nil` for a report.
  func refusal() -> String? { Scratch.refusal(of: database) }

  static func refusal(of path: String) -> String? {
    do {
      _ = try ResultAudit(path: path)
      return nil
    } catch let refusal as BadInput {
      return refusal.description.replacing(path + ": ", with: "")
    } catch { return "an unexpected \(error)" }
  }

  func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: database)) }
}

/// A result made once and given to every test as a copy.
struct Fixture {
  private let bytes: Data

  init(_ make: (Scratch) throws -> Void) {
    do {
      let scratch = try Scratch()
      try make(scratch)
      bytes = try scratch.bytes()
    } catch {
      preconditionFailure("the fixture cannot be made: \(error)")
    }
  }

  func copy() throws -> Scratch {
    let scratch = try Scratch()
    try bytes.write(to: URL(fileURLWithPath: scratch.database))
    return scratch
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let shippedScenario = root + "/Scenarios/two-zones.yaml"

  /// The shipped scenario, with power drawn by idle zones.
  static let shipped = Fixture {
    try $0.run(shippedScenario, overrides: [("zones.NORTH.idle_kw", "3"), ("zones.SOUTH.idle_kw", "2.5")])
  }

  /// A small one that does not drain, with a job of every end: completed, running, pending, rejected. Jobs `a` and `b`
  /// fill the zone `A` one after the other.
  static let cutOff = Fixture { scratch in
    try scratch.write(
      """
      name: cut-off
      clock: {start: 2020-01-06T00:00:00Z, duration: 6h}
      zones:
        - code: A
          name: A
          region: R
          coordinates: {lat: 52, lng: 0}
          capacity: {cpu_cores: 4, memory_gb: 8, gpus: 1}
          pue: 1.5
          idle_kw: 1
        - {code: B, name: B, region: R, coordinates: {lat: 53, lng: 0}, capacity: {cpu_cores: 2, memory_gb: 4, gpus: 0}}
      grid:
        carbon: {file: carbon.csv, extend: wrap}
        price: {constant: 0.25}
      workload: {file: jobs.csv}
      policies: [standard, greedy-lowest-carbon]
      drain: false
      outputs: {samples: {every: 30m}}

      """, as: "scenario.yaml")
    try scratch.write(
      """
      datetime,A,B
      2020-01-06T00:00Z,100,50
      2020-01-06T01:00Z,120,300

      """, as: "carbon.csv")
    try scratch.write(
      """
      job_id,submitted_at,duration_s,actual_duration_s,required_cpu_cores,home_zone,carbon_cap_gco2,deadline
      a,2020-01-06T00:10Z,3600,5400,4,A,1,2020-01-06T01:30Z
      b,2020-01-06T00:20Z,7200,7200,4,A,,
      c,2020-01-06T00:30Z,3600,99999,2,B,,2020-01-06T23:00Z
      d,2020-01-06T00:40Z,3600,3600,2,B,,
      e,2020-01-06T00:50Z,3600,3600,64,,,2020-01-07T00:00Z

      """, as: "jobs.csv")
    try scratch.run(scratch.input("scenario.yaml"))
  }
}
