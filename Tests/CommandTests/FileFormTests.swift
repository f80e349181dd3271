import Foundation
import Testing

/// Forms of files that programs and spreadsheets leave: each is read, noted or refused once.
@Suite struct FileFormTests {
  private static func lines(_ text: String) -> Int { text.split(separator: "\n").count }

  /// CRCRLF is a line end; CR alone is refused once, with the number of them, in tables and in SWF.
  @Test func carriageReturns() throws {
    let workshop = try Workshop()
    let plain = try workshop.simulate().out
    for name in ["jobs.csv", "carbon.csv", "s.yaml"] {
      try workshop.write(name, try workshop.read(name).replacing("\n", with: "\r\r\n"))
    }
    let doubled = try workshop.simulate()
    #expect(doubled.status == 0 && doubled.out == plain, "\(doubled.error)\(doubled.out)")
    let old = try Workshop()
    try old.write("s.yaml", Workshop.scenario.replacing("\n", with: "\r"))
    #expect(try old.simulate().out == plain)
    let rows = (0..<3000).map { "j\($0),2020-01-06T00:00Z,60\r,1,\n" }.joined()
    let head = "job_id,submitted_at,duration_s,required_cpu_cores,deadline\n"
    let swf = (1...3000).map { "\($0) 0 0 60 1 -1 -1 1 60 -1 1 1 1 1 1 1 -1 -1" }
    for (text, found) in [
      (head + rows, "jobs.csv:2: found 3000 carriage returns (CR) without a line feed, the first in this line"),
      (Workshop.jobs.replacing("\n", with: "\r"), "jobs.csv:1: found lines that end with CR alone"),
      ((head + rows).replacing("\r", with: "").replacing("\n", with: "\r"), "jobs.csv:1: found lines that end with CR"),
    ] {
      try old.write("jobs.csv", text)
      let outcome = try old.simulate("--set", "name=x")
      #expect(outcome.status == 2 && outcome.error.contains(found), "\(outcome.error.prefix(300))")
      #expect(FileFormTests.lines(outcome.error) == 1 && outcome.error.contains("tr '\\r' '\\n' < FILE"))
    }
    try old.write("log.swf", swf.joined(separator: "\r"))
    let log = try old.simulate("--set", "workload={file: log.swf}")
    #expect(log.error.contains("log.swf:1: found lines that end with CR alone"), "\(log.error.prefix(300))")
    #expect(FileFormTests.lines(log.error) == 1)
  }

  /// Without deadlines and windows the usual window is noted once, for policies that let jobs wait.
  @Test func theUsualWindowIsNoted() throws {
    let note = "note: jobs.csv has no deadline and no deferral window: each job may wait 2 h"
    let workshop = try Workshop()
    let late =
      "note: jobs.csv has deadlines but no deferral window: each job may wait 2 h, or less if its deadline is near"
    #expect(try workshop.simulate("--policy", "lowest-window").out.contains(late))
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s\na,2020-01-06T00:00Z,3600\n")
    for command in [["validate", "s.yaml"], ["run", "s.yaml", "--out", "out"]] {
      let told = try workshop.run(command + ["--policy", "lowest-window"])
      #expect(told.status == 0 && told.out.components(separatedBy: note).count == 2, "\(told.out)\(told.error)")
      #expect(try !workshop.run(command).out.contains(note))
    }
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s,deferral_window_mins\na,2020-01-06T00:00Z,3600,60\n")
    #expect(try !workshop.simulate("--policy", "lowest-window").out.contains(note))
  }

  /// A date with points has the day first, as in traces; one with slashes is still refused.
  @Test func datesWithPoints() throws {
    let workshop = try Workshop()
    let plain = try workshop.simulate().out
    try workshop.write(
      "jobs.csv",
      Workshop.jobs.replacing("2020-01-06T0", with: "06.01.2020 0").replacing("0Z", with: "0").replacing(
        "6:00Z", with: "6:00"))
    let dotted = try workshop.simulate()
    #expect(dotted.status == 0 && dotted.out == plain, "\(dotted.error)")
    try workshop.write("jobs.csv", try workshop.read("jobs.csv").replacing("06.01.2020", with: "06/01/2020"))
    let slashed = try workshop.simulate()
    #expect(slashed.status == 2 && FileFormTests.lines(slashed.error) <= 3, "\(slashed.error)")
  }

  @Test func componentsOfHeterogeneousJobs() throws {
    let workshop = try Workshop()
    try workshop.write(
      "log.txt",
      """
      JobID|Submit|Start|End|ElapsedRaw|AllocCPUS|State
      12|2020-01-06T00:00:00|2020-01-06T00:00:00|2020-01-06T01:00:00|3600|1|COMPLETED
      13+0|2020-01-06T00:00:00|2020-01-06T00:00:00|2020-01-06T01:00:00|3600|1|COMPLETED
      13+1|2020-01-06T00:00:00|2020-01-06T00:00:00|2020-01-06T01:00:00|3600|2|COMPLETED

      """)
    let told = try workshop.run(["workload", "describe", "log.txt"])
    #expect(told.status == 0 && told.out.contains("2 components of heterogeneous jobs"), "\(told.out)\(told.error)")
    try workshop.change("log.txt", "13+", "13")
    #expect(try !workshop.run(["workload", "describe", "log.txt"]).out.contains("heterogeneous"))
  }

  /// What was measured is no second estimate, and Slurm's energies are joules.
  @Test func columnsThatAreNearlyKnown() throws {
    let workshop = try Workshop()
    try workshop.write(
      "jobs.csv",
      """
      job_id,submission_time,execution_time,requested_time,consumed_energy
      1,0,60,120,3600000

      """)
    let text = try workshop.run(["workload", "describe", "jobs.csv"]).error
    #expect(text.contains("requested_time: found an unknown column, expected a known one: did you mean duration_s?"))
    #expect(
      text.contains("execution_time: found an unknown column, expected a known one: did you mean actual_duration_s?"))
    #expect(text.contains("{estimated_energy_kwh: {column: consumed_energy, unit: J}}"), "\(text)")
    try workshop.write("jobs.csv", "job_id,submitted_at,duration_s,execution_time\n1,2020-01-06T00:00Z,60,50\n")
    let known = try workshop.run(["workload", "describe", "jobs.csv"])
    #expect(known.status == 0 && !known.out.contains("did you mean duration_s"), "\(known.error)")
  }

  @Test func aDateOrderWithoutEffectIsNoted() throws {
    let workshop = try Workshop()
    let note = "date_order: day-first has no effect"
    let iso = try workshop.run(["trace", "describe", "carbon.csv", "--date-order", "day-first"])
    #expect(iso.status == 0 && iso.out.contains(note), "\(iso.out)\(iso.error)")
    try workshop.write("carbon.csv", Workshop.carbon.replacing("2020-01-06T", with: "06/01/2020 "))
    let slashed = try workshop.run(["trace", "describe", "carbon.csv", "--date-order", "day-first"])
    #expect(slashed.status == 0 && !slashed.out.contains(note), "\(slashed.out)\(slashed.error)")
  }

  /// A bare span or a list where words or a mapping stand: the message has the mapping.
  @Test func shortFormsOfAWait() throws {
    let workshop = try Workshop()
    try workshop.change("s.yaml", "policies: [standard", "policies: [{wait-awhile: {}}, standard")
    let expected = "expected one of window, classes, or a mapping with short, long, threshold"
    for value in ["[2h]", "2h"] {
      let outcome = try workshop.run(["validate", "s.yaml", "--set", "policies.wait-awhile.wait=\(value)"])
      #expect(outcome.status == 2 && outcome.error.contains(expected), "\(outcome.error)")
      #expect(outcome.error.contains("did you mean {short: 2h, long: 2h}?"), "\(outcome.error)")
    }
    let numbers = try workshop.run(["validate", "s.yaml", "--set", "policies.+={deadline-aware: {weights.carbon: -1}}"])
    #expect(numbers.error.contains("expected a number from 0 to 1,000,000"), "\(numbers.error)")
    let trace = try workshop.run(["validate", "s.yaml", "--set", "grid.carbon={file: carbon.csv, all_zones: true}"])
    #expect(trace.status == 2 && trace.error.contains("files: gives each zone a file of its own"), "\(trace.error)")
  }
}
