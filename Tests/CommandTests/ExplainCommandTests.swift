import Foundation
import Testing

/// `pylon explain` and outages as people meet them: on a scenario small enough to work out on paper.
@Suite struct ExplainCommandTests {
  /// One zone for one job at a time. `first` runs from 00:00 to 02:00, `second` (deadline 02:00) from 02:00 to 03:00:
  /// an hour late. `third` (deadline 06:00) from 03:00 to 04:00 is in time.
  private func workshop(events: String = "") throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write(
      "s.yaml",
      """
      name: queue
      clock: {start: 2020-01-06T00:00:00Z, duration: 1d}
      zones: [{code: A, coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 4, memory_gb: 32, gpus: 0}}]
      grid: {carbon: {constant: 100}, price: {constant: 0.2}}
      workload: {file: jobs.csv}
      policies: [standard]

      """ + events)
    try workshop.write(
      "jobs.csv",
      """
      job_id,submitted_at,duration_s,required_cpu_cores,deadline,home_zone
      first,2020-01-06T00:00Z,7200,4,,A
      job-2,2020-01-06T00:30Z,3600,4,2020-01-06T02:00Z,A
      job-3,2020-01-06T00:45Z,3600,4,2020-01-06T06:00Z,A

      """)
    return workshop
  }

  @Test func lateJobsAreListed() throws {
    let workshop = try workshop()
    #expect(try workshop.simulate().status == 0)
    let listed = try workshop.run(["explain", "out"])
    let lines = listed.out.split(separator: "\n").map(String.init)
    #expect(listed.status == 0 && lines.count == 3, "\(listed.error)\(listed.out)")
    let cells = lines[1].split(separator: "  ", omittingEmptySubsequences: true).map { $0.drop { $0 == " " } }
    #expect(cells.prefix(5) == ["standard", "job-2", "A", "60 min", "90 min"], "\(cells)")
    let command = "pylon explain out/results.sqlite job-2 --policy standard"
    #expect(lines[2] == "\(command) prints why a job waited, failed or was rejected.")
    let report = try workshop.run(["report", "out", "--format", "markdown"])
    #expect(report.out.contains("### Jobs that ended the longest after their deadlines"), "\(report.error)")
    #expect(report.out.contains("| standard | job-2 | A | 60 min |") && !report.out.contains("| job-3 |"))
    let json = try workshop.run(["explain", "out", "--format", "json"])
    let rows = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]]
    #expect(rows?.count == 1 && rows?[0]["lateness_s"] as? Double == 3600 && rows?[0]["wait_s"] as? Double == 5400)
    // The view has the same.
    let unknown = try workshop.run(["explain", "out", "job2"])
    #expect(unknown.status == 2 && unknown.error.contains("found no job job2 in replication 1"))
    #expect(unknown.error.contains("did you mean job-2?"), "\(unknown.error)")
    let none = try workshop.run(["explain", "out", "--policy", "cheapest"])
    #expect(none.status == 2 && none.error.contains("--policy: found cheapest, expected one of standard"))
  }

  /// Only a job that completes meets its deadline. The cut at 02:30 ends job-2, which is half an hour late by then, and
  /// closes A for good, so that job-3 (until 06:00) is rejected.
  @Test func jobsThatDidNotCompleteAreListed() throws {
    let workshop = try workshop(events: "events: [{outage: {zone: A, from: 150m}}]\n")
    #expect(try workshop.simulate().status == 0)
    let listed = try workshop.run(["explain", "out"])
    let lines = listed.out.split(separator: "\n").map(String.init)
    #expect(listed.status == 0 && lines.count == 4, "\(listed.error)\(listed.out)")
    let cells = lines[1...2].map { $0.split(separator: "  ").map { $0.drop { $0 == " " } } }
    #expect(cells[0].prefix(5) == ["standard", "job-2", "A", "failed", "90 min"], "\(cells)")
    #expect(cells[1].prefix(5) == ["standard", "job-3", "–", "rejected", "–"] && cells[1].last == "–", "\(cells)")
    let json = try workshop.run(["explain", "out", "--format", "json"])
    let rows = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]]
    #expect(rows?.map { $0["status"] as? String } == ["FAILED", "REJECTED"] && rows?[0]["lateness_s"] == nil)
  }

  /// Jobs that an outage ended are no work moved past the clock: they stand by themselves, with the outage.
  @Test func failedJobsStandApart() throws {
    let workshop = try workshop(events: "events: [{outage: {zone: A, from: 1h, duration: 30m, running: fail}}]\n")
    let run = try workshop.simulate()
    let lines = run.out.split(separator: "\n").map(String.init)
    #expect(lines[0].hasSuffix("  failed") && !lines[0].contains("unfinished"), "\(run.out)")
    #expect(lines[1].hasPrefix("standard") && lines[1].hasSuffix(" 1"), "\(run.out)")
    let told = "the outage of A at 2020-01-06 01:00 UTC ended 1 job under standard"
    #expect(run.out.contains("note: \(told)\n") && run.out.contains("\nfailed: ended by an outage;"), "\(run.out)")
    #expect(!run.out.contains("†") && !run.out.contains("running: suspend"))
    let report = try workshop.run(["report", "out", "--format", "markdown"]).out
    #expect(report.contains(" T\(told.dropFirst())."), "\(report)")
    #expect(report.contains("| jobs failed |") && !report.contains("| jobs unfinished |"))
    #expect(!report.contains("past the clock") && !report.contains("at the clock's end"))
  }

  /// An outage that suspends ends jobs that may not be interrupted; the remedy is printed with them.
  @Test func suspendWithoutInterruption() throws {
    let events = "events: [{outage: {zone: A, from: 1h, duration: 30m, running: suspend}}]\n"
    let workshop = try workshop(events: events)
    let remedy = "interruption: {allowed: true} lets them go on afterwards"
    #expect(try workshop.simulate().out.contains(remedy))
    #expect(try workshop.run(["report", "out", "--format", "markdown"]).out.contains(remedy))
    #expect(try workshop.simulate("--set", "outputs.workloads=none").out.contains(remedy))
    let allowed = try workshop.simulate("--set", "interruption={allowed: true}")
    #expect(allowed.status == 0 && !allowed.out.contains(remedy) && !allowed.out.contains("failed"), "\(allowed.out)")
  }

  /// A warm-up that leaves no job, and constants of another unit.
  @Test func whatIsProbablyAMistakeIsNoted() throws {
    let workshop = try workshop()
    let empty = try workshop.simulate("--set", "warm_up=12h")
    #expect(empty.status == 0 && empty.out.contains("note: warm_up: no job was submitted after it"), "\(empty.out)")
    #expect(try !workshop.simulate("--set", "warm_up=40m").out.contains("no job was submitted"))
    let units = try workshop.simulate("--set", "grid.carbon.constant=0.3", "--set", "grid.price.constant=20")
    #expect(units.out.contains("note: grid.carbon.constant: 0.3 is under 3 g/kWh: if it is in kg/kWh, write 300"))
    #expect(units.out.contains("note: grid.price.constant: 20 is over 1 GBP per kWh: if it is per MWh, write 0.02;"))
    #expect(try !workshop.simulate().out.contains("constant"))
  }

  @Test func foldersPagesAndUsage() throws {
    let workshop = try workshop()
    #expect(try workshop.simulate().status == 0)
    let commands = [
      "audit out", "compare out/", "report out -o page.html", "replay out -o replay.HTM", "plot out --list",
    ]
    for command in commands {
      let outcome = try workshop.run(command.split(separator: " ").map(String.init))
      #expect(outcome.status == 0, "\(command): \(outcome.error)")
    }
    for command in ["audit .", "compare .", "report .", "replay .", "plot . --list", "explain . job-2"] {
      let outcome = try workshop.run(command.split(separator: " ").map(String.init))
      #expect(outcome.status == 2 && outcome.error.contains("found a folder without a results.sqlite"), "\(command)")
    }
    for (command, ending) in [
      ("report out -o x.pdf", ".html or .htm"), ("replay out -o x.png", ".html or .htm"),
      ("whatif s.yaml --set zones.A.pue=1.5 -o x.pdf", ".html or .htm"),
      ("report out --format markdown -o x.html", ".md, .markdown or .txt"),
    ] {
      let outcome = try workshop.run(command.split(separator: " ").map(String.init))
      #expect(outcome.status == 2 && outcome.error.contains("expected a name that ends with \(ending)"), "\(command)")
    }
    #expect(try !workshop.names().contains { $0.hasPrefix("x.") })
    let missing = try workshop.run(["whatif", "s.yaml", "--variants", "nope.yaml"])
    #expect(
      missing.status == 2 && missing.error.contains("nope.yaml: found no such file, expected a file of variants"),
      "\(missing.error)")
    // An error that a command throws itself names that command's help, as the parser's own do.
    for (command, path) in [
      ("run s.yaml --set foo", "run"), ("whatif s.yaml --base-set foo", "whatif"),
      ("report out --format foo", "report"), ("trace import --foo", "trace import"), ("trace foo", "trace"),
    ] {
      let outcome = try workshop.run(command.split(separator: " ").map(String.init))
      #expect(outcome.status == 2 && outcome.error.contains("\nUsage: pylon \(path) "), "\(outcome.error)")
      #expect(outcome.error.hasSuffix("\n  See 'pylon \(path) --help' for more information.\n"), "\(outcome.error)")
    }
  }
}
