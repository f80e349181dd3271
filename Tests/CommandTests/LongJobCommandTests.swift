import Foundation
import Testing

/// What `validate` says of jobs that no run can finish, and `whatif` of what `run` notes.
@Suite struct LongJobCommandTests {
  private func workshop(duration: String = "7200", trace: String = "", rest: String = "") throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write(
      "s.yaml",
      """
      name: long
      clock: {start: 2020-01-06T00:00:00Z, duration: 1d}
      zones: [{code: A, coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 4, memory_gb: 32, gpus: 0}}]
      grid: {carbon: {file: carbon.csv\(trace)}, price: {constant: 0.2}}
      workload: {file: jobs.csv}
      policies: [standard]
      \(rest)

      """)
    let hours = (0..<48).map { hour in
      "2020-01-0\(6 + hour / 24)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00Z,A,\(100 + hour)"
    }
    try workshop.write("carbon.csv", (["timestamp,zone,carbon_intensity"] + hours).joined(separator: "\n") + "\n")
    try workshop.write(
      "jobs.csv",
      """
      job_id,submitted_at,duration_s,required_cpu_cores,deadline,home_zone
      first,2020-01-06T00:00Z,3600,4,2020-01-06T04:00Z,A
      second,2020-01-06T01:00Z,\(duration),4,2020-01-06T04:00Z,A

      """)
    return workshop
  }

  /// 7,200 s, and the same a hundred times: 200 h from 01:00 end eight days later; the trace has two.
  @Test func validateRefusesWhatRunRefuses() throws {
    let fine = try workshop().run(["validate", "s.yaml"])
    #expect(fine.status == 0 && !fine.out.contains("deadline"), "\(fine.error)")
    let long = try workshop(duration: "720000")
    let refused = try long.run(["validate", "s.yaml"])
    let text =
      "jobs.csv: second (8 d 8 h), submitted at 2020-01-06 01:00 UTC, ends at 2020-01-14 09:00 UTC at the earliest, but "
      + "the traces of the zones end by 2020-01-08 00:00 UTC: check the unit of the durations"
    #expect(refused.status == 2 && refused.error.contains(text), "\(refused.error)\(refused.out)")
    let run = try long.simulate()
    #expect(run.status == 2 && run.error == refused.error, "\(run.error)")
    let whatif = try long.run(["whatif", "s.yaml", "--set", "zones.A.pue=1.5"])
    #expect(whatif.status == 2 && whatif.error == refused.error, "\(whatif.error)")
    // Where the run goes well validation does too, and the deadline is noted.
    for (trace, rest) in [(", extend: hold", ""), ("", "drain: false")] {
      let other = try workshop(duration: "720000", trace: trace, rest: rest)
      let valid = try other.run(["validate", "s.yaml"])
      #expect(valid.status == 0, "\(valid.error)")
      let note = "1 of 2 jobs cannot meet its deadline even if started at once; the longest takes 720000 s (200 h)"
      #expect(valid.out.contains(note), "\(valid.out)")
      #expect(try other.simulate().status == 0)
    }
    // A job that is rejected, as its zone is closed, does not run at all.
    let closed = try workshop(duration: "720000", rest: "events: [{outage: {zone: A, from: 0h}}]")
    let valid = try closed.run(["validate", "s.yaml"])
    #expect(valid.status == 0 && valid.out.contains("note: jobs.csv: second (8 d 8 h)"), "\(valid.error)\(valid.out)")
    #expect(valid.out.contains("note: closed for the whole clock: A;"), "\(valid.out)")
    #expect(try closed.simulate().status == 0)
  }

  /// What a run of the variant notes is printed of the variant.
  @Test func whatifPrintsTheNotesOfItsVariants() throws {
    let workshop = try workshop()
    let event = "events=[{outage: {zone: A, from: 30m, until: 3h, running: suspend}}]"
    let remedy = "interruption: {allowed: true} lets them go on afterwards"
    let asked = try workshop.run(["whatif", "s.yaml", "--set", event])
    #expect(asked.status == 0, "\(asked.error)")
    let parts = asked.out.components(separatedBy: "variant \(event)")
    #expect(parts.count == 2 && !parts[0].contains(remedy) && parts[1].contains(remedy), "\(asked.out)")
    #expect(parts[1].contains("note: outages or lost capacity ended 1 job under standard"), "\(asked.out)")
    let allowed = try workshop.run(["whatif", "s.yaml", "--set", event, "--set", "interruption={allowed: true}"])
    #expect(allowed.status == 0 && !allowed.out.contains(remedy), "\(allowed.error)")
    // Of the base it is a note of the whole comparison, once.
    let both = try workshop.run(["whatif", "s.yaml", "--base-set", event, "--set", "zones.A.pue=1.5"])
    #expect(both.out.components(separatedBy: remedy).count == 2, "\(both.error)\(both.out)")
    let units = try workshop.run(["whatif", "s.yaml", "--set", "grid.price.constant=20"])
    #expect(units.out.contains("note: grid.price.constant: 20 is over 1 GBP per kWh"), "\(units.out)")
  }

  /// The end of the event is taken for Monday of the next week: every command says so, in a failure too.
  @Test func everyCommandPrintsTheNotesOfValidate() throws {
    let note =
      "note: events[0].capacity.until: the next Mon is 2020-01-13 00:00 UTC, as the event begins at "
      + "2020-01-06 01:00 UTC"
    let rest = """
      events: [{capacity: {zone: A, from: Mon 01:00, until: Mon, cpu_cores: 50%}}]
      checks: [{metric: jobs_rejected, max: 5}]
      sweep: {grid: {zones.A.pue: [1, 1.5]}}
      """
    let fine = try workshop(trace: ", extend: hold", rest: rest)
    let commands = [
      ["validate", "s.yaml"], ["run", "s.yaml", "--out", "out"], ["whatif", "s.yaml", "--set", "zones.A.pue=1.5"],
      ["sweep", "run", "s.yaml", "--out", "sw"], ["check", "s.yaml"],
    ]
    for command in commands {
      let outcome = try fine.run(command)
      let text = command[0] == "check" ? note.replacing("note: ", with: "note    ") : note
      #expect(outcome.status == 0 && outcome.out.components(separatedBy: text).count == 2, "\(command) \(outcome)")
    }
    // Without `extend` the job that waits until then runs beyond the trace.
    let failing = try workshop(rest: rest)
    for command in commands.dropFirst() {
      let outcome = try failing.run(command)
      let all = outcome.error + outcome.out
      #expect(outcome.status == 2 && all.components(separatedBy: note).count == 2, "\(command) \(outcome)")
      #expect(all.components(separatedBy: "the carbon trace of zone A covers").count == 2, "\(all)")
    }
  }
}
