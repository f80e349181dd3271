import Foundation
import Testing

/// What looks odd and is no error.
@Suite struct FineInputTests {
  /// A plan that a hard cap breaks in the end, and a job that found no room beside it: nothing is ever completed, and
  /// both are rejected at their latest starts (found by the swarm).
  @Test func nobodyWaitsForACompletionThatNeverComes() throws {
    let workshop = try Workshop()
    let hours = (0..<48).map {
      "2020-01-0\(5 + $0 / 24)T\($0 % 24 < 10 ? "0" : "")\($0 % 24):00Z,\($0 == 10 ? 50 : 200)\n"
    }
    try workshop.write("carbon.csv", "datetime,NORTH\n" + hours.joined())
    try workshop.write(
      "jobs.csv",
      "job_id,submitted_at,duration_s,required_cpu_cores,max_carbon_intensity_gco2_kwh,deferral_window_mins\n"
        + "a,2020-01-06T08:00Z,3600,8,100,240\nb,2020-01-06T08:30Z,3600,8,100,240\n")
    try workshop.change(
      "s.yaml", "  - {code: SOUTH, coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 8, memory_gb: 32, gpus: 2}}\n",
      "")
    let outcome = try workshop.simulate(
      "--set", "caps=hard", "--set", "grid.forecast={model: persistence}", "--policy", "deadline-aware",
      "--set", "grid.carbon.extend=hold")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try workshop.read("out/jobs.csv").split(separator: "\n").count { $0.contains("REJECTED") } == 4)
  }

  /// Deadlines that would lie in the year 10000, read and drawn: they are met, and the rows tell the same.
  @Test(arguments: [true, false]) func deadlinesPastTheCalendar(isRead: Bool) throws {
    let workshop = try Workshop()
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s,deadline\na,2020-01-01,3600,9999-12-31\n")
    let drawn = "{arrivals: {poisson: {per_hour: 2}}, classes: [{name: x, duration: 1h, deadline: 21d}]}"
    let work = isRead ? "{file: jobs.csv, start: clock}" : drawn
    let run = try workshop.simulate(
      "--set", "clock.start=9999-12-20T00:00:00Z", "--set", "grid={carbon: {constant: 9}, price: {constant: 1}}",
      "--set", "workload=\(work)")
    #expect(run.status == 0, "\(run.error)")
    #expect(try workshop.read("out/jobs.csv").contains(",9999-12-31T23:59:59.999Z,9999-12-20T"))
    #expect(try workshop.run(["audit", "out/results.sqlite"]).status == 0)
  }

  @Test func aJobThatFitsNowhereIsRejected() throws {
    let workshop = try Workshop()
    try workshop.change("jobs.csv", "3600,8,", "3600,9,")
    let outcome = try workshop.simulate()
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let rows = try workshop.read("out/jobs.csv").split(separator: "\n").filter { $0.contains(",b,") }
    #expect(rows.count == 2 && rows.allSatisfy { $0.contains(",REJECTED,") })
  }

  /// CRLF and a byte-order mark change nothing.
  @Test func lineEndsAndMarks() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate().status == 0)
    let plain = try workshop.read("out/jobs.csv")
    #expect(plain.contains(",COMPLETED,"))
    for name in ["s.yaml", "carbon.csv", "jobs.csv"] {
      let text = try workshop.read(name).replacing("\n", with: "\r\n")
      try workshop.write(name, [0xEF, 0xBB, 0xBF] + Array(text.utf8))
    }
    let outcome = try workshop.run(["run", "s.yaml", "--out", "again"])
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(try workshop.read("again/jobs.csv") == plain)
  }

  /// An empty, a broken or an old database of that name is replaced whole, and so are the journals beside it.
  @Test(arguments: [[], Array("no database at all".utf8)]) func aFileOfThatNameInTheWay(bytes: [UInt8]) throws {
    let workshop = try Workshop()
    try FileManager.default.createDirectory(atPath: workshop.path + "/out", withIntermediateDirectories: false)
    for name in ["results.sqlite", "results.sqlite-wal", "results.sqlite-journal", "jobs.csv"] {
      try workshop.write("out/" + name, bytes)
    }
    try workshop.write("out/mine.txt", "mine")
    #expect(try workshop.simulate().status == 0)
    #expect(
      try workshop.names("out") == ["jobs.csv", "metrics.csv", "mine.txt", "plots", "results.sqlite", "zones.csv"])
    let head = try Data(contentsOf: URL(fileURLWithPath: workshop.path + "/out/results.sqlite")).prefix(15)
    #expect(String(decoding: head, as: UTF8.self) == "SQLite format 3")
    #expect(try workshop.read("out/mine.txt") == "mine")
  }
}
