import Foundation
import Reports
import Runs
import Testing

/// `pylon explain`, on a result small enough to work out on paper.
@Suite struct ExplainTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// j1 may wait two hours; j2 fills B for three; j3 fits nowhere. The forecast is the file's, and wrong in A.
  private func run(
    decisions: Bool, name: String = "by-hand", overrides: [(String, String)] = []
  ) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func write(_ text: String, _ name: String) throws {
      try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }
    try write(
      """
      name: "\(name)"
      clock: {start: 2020-01-06T00:00:00Z, duration: 6h}
      zones:
        - code: A
          name: A
          region: R
          coordinates: {lat: 52, lng: 0}
          capacity: {cpu_cores: 4, memory_gb: 8, gpus: 0}
          pue: 1.5
        - {code: B, name: B, region: R, coordinates: {lat: 53, lng: 0}, capacity: {cpu_cores: 4, memory_gb: 8, gpus: 0}}
      grid:
        carbon: {file: carbon.csv, extend: hold}
        price: {constant: 0.25}
        forecast: {model: recorded}
      workload: {file: submitted.csv}
      policies: [standard, greenest-within-window, standard]
      outputs: {decisions: \(decisions ? "all" : "none")}

      """, "by-hand.yaml")
    var carbon = "datetime,zone,carbon_intensity,forecast\n"
    for (hour, real, believed) in [(0, 100, 120), (1, 250, 250), (2, 50, 40), (3, 300, 300)] {
      carbon += "2020-01-06T0\(hour):00Z,A,\(real),\(believed)\n2020-01-06T0\(hour):00Z,B,160,160\n"
    }
    try write(carbon, "carbon.csv")
    try write(
      """
      job_id,submitted_at,duration_s,actual_duration_s,required_cpu_cores,required_memory_gb,home_zone,\
      estimated_energy_kwh,deferral_window_mins,deadline
      j1,2020-01-06T00:00Z,3600,5400,2,4,A,2,120,2020-01-06T03:00Z
      j2,2020-01-06T00:00Z,3600,10800,4,4,A,1,0,
      j3,2020-01-06T00:30Z,3600,3600,8,4,A,1,0,

      """, "submitted.csv")
    let scenario = try OpenScenario(path: folder + "/by-hand.yaml", overrides: overrides, policies: [], seed: nil)
    _ = try scenario.run(into: folder + "/out", figures: folder + "/plots")
    return folder + "/out/results.sqlite"
  }

  private func clear() { try? FileManager.default.removeItem(atPath: folder) }

  /// 2 kW, 3 kW at the meter in A (PUE 1.5). Predicted at 02:00: 3 kWh × 40 g = 0.12 kg; the grid had 50 g: 0.15 kg. It
  /// ran for an hour and a half: 3 kWh × 50 g + 1.5 kWh × 300 g = 0.6 kg and 4.5 kWh × 0.25 GBP. At its submission in
  /// A: 3 kWh × 100 g + 1.5 kWh × 250 g = 0.675 kg; in B 3 kWh × 160 g = 0.48 kg, 20 % less than 0.6.
  private static let text = """
    j1 under greenest-within-window, replication 1 (run 2 of by-hand)

    The job
      OTHER, MEDIUM urgency; 2 cores, 4 GB, 0 GPUs; estimated energy 2 kWh; estimated 1 h, takes 1 h 30 min.
      Submitted 2020-01-06T00:00:00Z; its latest useful start is 2020-01-06T02:00:00Z (its deferral window, \
    2 h); deadline 2020-01-06T03:00:00Z; home A.

    Outcome
      COMPLETED: ran in A from 2020-01-06T02:00:00Z to 2020-01-06T03:30:00Z, started 2 h after its submission.
      It missed its deadline by 30 min.
      It used 4.5 kWh: 0.6 kg of CO2 and 1.125 GBP.

    Why
      2020-01-06T00:00:00Z: recommended A, B, ranked by forecast emissions of the best start, in relative units.
      2020-01-06T00:00:00Z: planned for A at 2020-01-06T02:00:00Z, of 2 candidates, by forecast emissions of the \
    best start, in relative units; score 3.333e-05; predicted 0.12 kg at 40 gCO2/kWh and 0.75 GBP.
        compared with B at 2020-01-06T00:00:00Z; score 8.889e-05; predicted 0.32 kg at 160 gCO2/kWh and 0.5 GBP.
      2020-01-06T02:00:00Z: started in A, as planned.

    Forecast and reality
      Predicted at 2020-01-06T00:00:00Z for 1 h from 2020-01-06T02:00:00Z in A, by the forecast of \
    2020-01-06T00:00:00Z: 0.12 kg and 0.75 GBP.
      The grid had 50 gCO2/kWh over that time instead of the predicted 40 (+25.0 %): 0.15 kg and 0.75 GBP.
      As the job ran: 0.6 kg (+400.0 %) and 1.125 GBP (+50.0 %) compared with the prediction.

    Alternatives, with the actual trace
      zone  kg at its start  GBP then  room then  kg at submission  GBP at submission  room at submission
      A                 0.6     1.125        yes             0.675              1.125                 yes
      B                0.48      0.75         no              0.48               0.75                  no
      Lowest in hindsight, with or without room: B at 2020-01-06T00:00:00Z, 0.48 kg (-20.0 %) and 0.75 GBP.
      Values are for its actual duration without interruption; room is what other jobs left free at that instant.
    """

  @Test func byHand() throws {
    defer { clear() }
    let path = try run(decisions: true)
    let one = try ResultExplanation(path: path, job: "j1", policy: "greenest-within-window", replication: 1)
    #expect(try one.written(as: .text) == Self.text)
    let markdown = try one.written(as: .markdown)
    #expect(
      markdown.hasPrefix(
        "## j1 under greenest-within-window, replication 1 (run 2 of by-hand)\n\n### The job\n\n- OTHER,"))
    #expect(markdown.contains("\n| B | 0.48 | 0.75 | no | 0.48 | 0.75 | no |\n"))
    #expect(markdown.contains("\n  - compared with B at 2020-01-06T00:00:00Z; score 8.889e-05;"))
    // Every policy of the replication, those of one name with their numbers.
    let all = try ResultExplanation(path: path, job: "j1", policy: nil, replication: 1).written(as: .text)
    #expect(all.contains("\n\nj1 under standard (2), replication 1 (run 3 of by-hand)\n") && all.contains(Self.text))
    let rejected = try ResultExplanation(path: path, job: "j3", policy: "standard (2)", replication: 1)
    #expect(
      try rejected.written(as: .text).hasSuffix(
        "Why\n  2020-01-06T00:30:00Z: rejected: its demand exceeds the capacity of every zone it may use."))
    // It needs 8 cores; standard may use A alone, which has 4.
    #expect(
      try rejected.written(as: .text).contains(
        "\n  REJECTED: its demand exceeds the capacity of every zone it may use.\n"
          + "    A: a capacity of 4 of the 8 cores it needs\n\nWhy\n"))
  }

  /// A zone that is closed, or that has shrunk, is no zone that a job is too large for: the event is named. j1 needs 2
  /// cores and is at home in A.
  @Test(arguments: [
    ("{outage: {zone: A, from: 0h}}", "standard", ["A: an outage from 2020-01-06T00:00:00Z on, without an end"]),
    (
      "{capacity: {zone: [A, B], at: 0h, until: 3h, cpu_cores: 1}}, {outage: {zone: [A, B], from: 3h}}", "standard (2)",
      ["A: an outage from 2020-01-06T03:00:00Z on, without an end"]
    ),
    (
      "{outage: {zone: A, from: 0h}}, {capacity: {zone: B, at: 0h, cpu_cores: 1}}", "greenest-within-window",
      [
        "A: an outage from 2020-01-06T00:00:00Z on, without an end",
        "B: a capacity of 1 of the 2 cores it needs from 2020-01-06T00:00:00Z on",
      ]
    ),
  ]) func rejectionsNameTheEvent(events: String, policy: String, lines: [String]) throws {
    defer { clear() }
    let path = try run(decisions: true, overrides: [("events", "[\(events)]")])
    let text = try ResultExplanation(path: path, job: "j1", policy: policy, replication: 1).written(as: .text)
    let told = lines.map { "\n    \($0)" }.joined()
    #expect(
      text.contains(
        "\n  REJECTED: no zone that it may use can hold it.\(told)\n  It missed its deadline, as it did not complete.\n"
      ),
      "\(text)")
    #expect(text.contains("rejected: no zone that it may use can hold it.") && !text.contains("exceeds"), "\(text)")
  }

  /// Jobs that failed, and why: nothing of it is stored with the job.
  @Test(arguments: [
    (
      "running: suspend}}, {capacity: {zone: [A, B], at: 1h, cpu_cores: 1}}]",
      "It failed: suspended, and A never again has the capacity for it."
    ),
    ("running: fail}}]", "It failed: an outage of A ended it (running: fail)."),
  ]) func failures(events: String, reason: String) throws {
    defer { clear() }
    let all = "[{outage: {zone: [A, B], from: 30m, duration: 1h, " + events
    let path = try run(decisions: true, overrides: [("events", all), ("interruption", "{allowed: true}")])
    let failed = try ResultExplanation(path: path, job: "j1", policy: "standard", replication: 1)
    let text = try failed.written(as: .text)
    #expect(text.contains("FAILED: ") && text.contains("\n  \(reason)\n"), "\(text)")
    // It ended at 00:30, before its deadline at 03:00, but only a job that completes meets one. In half an hour 1.5 kWh
    // at 100 g: 0.15 kg, which is nothing to compare a whole run with.
    #expect(text.contains("\n  It missed its deadline, as it did not complete.\n") && !text.contains("to spare"))
    #expect(text.contains("\n  Its part that ran used 1.5 kWh: 0.15 kg of CO2 and 0.375 GBP.\n"), "\(text)")
    // Suspended and too small for good, A and B let no start end.
    let best = reason.contains("never again") ? "No start in its window was possible" : ", 0.48 kg and 0.75 GBP."
    #expect(!text.contains("As the job ran") && text.contains(best), "\(text)")
  }

  /// A has 50 g from 02:00 to 03:00, B 160 g all along, and a run takes an hour and a half. Of B's best starts the first
  /// is inside the outage or is cut by it, unless the outage lets jobs finish.
  @Test(arguments: [
    // A's least is 0.525 kg, B's any 0.48 kg: B at its submission is whole, as the outage begins at its end.
    ("{outage: {zone: B, from: 90m, duration: 1h, running: suspend}}", "B at 2020-01-06T00:00:00Z", "no"),
    // Cut a minute before its end: the next is when B is back, at 00:59 + 15 min.
    ("{outage: {zone: B, from: 89m, duration: 15m, running: fail}}", "B at 2020-01-06T01:44:00Z", "outage"),
    ("{outage: {zone: B, from: 89m, duration: 15m, running: finish}}", "B at 2020-01-06T00:00:00Z", "no"),
    // Too small for its two cores until 01:00; no outage.
    ("{capacity: {zone: B, at: 0h, until: 1h, cpu_cores: 1}}", "B at 2020-01-06T01:00:00Z", "no"),
    // Closed or cut for the whole window: A's own least ends with its 50 g, 1.5 kWh × 250 g + 3 kWh × 50 g.
    ("{outage: {zone: B, from: 1h, duration: 3h, running: fail}}", "A at 2020-01-06T01:30:00Z, 0.525 kg", "outage"),
  ]) func hindsightKnowsOutages(event: String, best: String, room: String) throws {
    defer { clear() }
    let path = try run(decisions: true, overrides: [("events", "[\(event)]")])
    let all = try ResultExplanation(path: path, job: "j1", policy: "standard", replication: 1)
    let text = try all.written(as: .text)
    #expect(text.contains("Lowest in hindsight, with or without room: \(best)"), "\(text)")
    let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("  B ") })
    let shown = room == "no" && event.contains("outage") ? "yes" : room
    #expect(row.hasSuffix(" \(shown)"), "\(row)")
    #expect(text.contains("\n  outage: the zone was out at that instant") == (room == "outage"))
  }

  /// Standard starts j1 in A at its submission. Where A has one intensity, that is the best start as well, by another sum:
  /// the answer says "the same", not "+0.0 %". A forecast 0.02 % too low is no "+0.0 %" either.
  @Test func smallChanges() throws {
    defer { clear() }
    let one = [("workload.file", "one.csv"), ("grid.carbon.file", "even.csv")]
    let even = folder + "/even.csv"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var carbon = "datetime,zone,carbon_intensity,forecast\n"
    for minutes in ["00:00", "00:10", "00:20", "00:30", "00:40", "00:50"] {
      carbon += "2020-01-06T\(minutes)Z,A,181.3,181.26374\n2020-01-06T\(minutes)Z,B,300,300\n"
    }
    try carbon.write(toFile: even, atomically: true, encoding: .utf8)
    try """
    job_id,submitted_at,duration_s,required_cpu_cores,required_memory_gb,home_zone,deferral_window_mins,\
    estimated_energy_kwh
    one,2020-01-06T00:07Z,2340,2,4,A,60,0.7

    """.write(toFile: folder + "/one.csv", atomically: true, encoding: .utf8)
    let path = try run(decisions: true, overrides: one)
    let text = try ResultExplanation(path: path, job: "one", policy: "standard", replication: 1).written(as: .text)
    #expect(!text.contains("0.0 %"), "\(text)")
    #expect(text.contains(" instead of the predicted 181.3 (+0.02 %)"), "\(text)")
    #expect(text.contains("A at 2020-01-06T00:07:00Z") && text.contains(" (the same)"), "\(text)")
  }

  /// A log of one job beside what others need, and the policies that run it.
  private func explain(_ jobs: [String], policies: String, name: String = "one", _ policy: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let head = "job_id,submitted_at,duration_s,required_cpu_cores,home_zone,deferral_window_mins,estimated_energy_kwh"
    try ([head] + jobs).map { $0 + "\n" }.joined().write(
      toFile: folder + "/own.csv", atomically: true, encoding: .utf8)
    let path = try run(
      decisions: true,
      overrides: [("policies", policies), ("workload.file", "own.csv"), ("interruption", "{allowed: true}")])
    return try ResultExplanation(path: path, job: name, policy: policy, replication: 1).written(as: .text)
  }

  private static let one = "one,2020-01-06T00:00Z,3600,2,A,0,2"

  /// The job's own window is nothing, the policy's is three hours: A's 50 g at 02:00 are within it.
  @Test func policiesWithWindowsOfTheirOwn() throws {
    defer { clear() }
    let text = try explain(
      [Self.one], policies: "[standard, {lowest-window: {wait: {short: 2h, long: 3h, threshold: 1h}}}]", "lowest-window"
    )
    #expect(
      text.contains(
        "it must start at once; home A.\n  The policy has a window of its own: it lets jobs estimated at 1 h or more wait "
          + "3 h, this one until 2020-01-06T03:00:00Z."), "\(text)")
    #expect(text.contains("room: A at 2020-01-06T02:00:00Z, 0.15 kg (the same)"), "\(text)")
  }

  /// A queue keeps the job until 02:00, when A has the least: nothing within its window is less.
  @Test func noLowestAboveWhatHappened() throws {
    defer { clear() }
    let text = try explain(["block,2020-01-06T00:00Z,7200,4,A,0,2", Self.one], policies: "[standard]", "standard")
    #expect(
      text.contains(
        "No uninterrupted run that starts from its submission to 2020-01-06T00:00:00Z would have emitted less, with or "
          + "without room: it started later."), "\(text)")
    #expect(!text.contains("Lowest in hindsight"), "\(text)")
  }

  /// Two hours in the hours with 100 g and 50 g: 3 kW × 150 g. Unbroken the least is B's 2 kW × 2 h × 160 g.
  @Test func suspendedJobsAreComparedWithSegments() throws {
    defer { clear() }
    let long = "one,2020-01-06T00:00Z,7200,2,A,0,4"
    let text = try explain(
      [long], policies: "[standard, {wait-awhile: {wait: {short: 3h, long: 3h}}}]", "wait-awhile")
    #expect(text.contains("in 2 segments:"), "\(text)")
    #expect(
      text.contains("to 2020-01-06T03:00:00Z would have emitted less, with or without room.\n"), "\(text)")
    #expect(
      text.contains("\n  Lowest in segments, if suspensions cost nothing: A, 0.45 kg (the same).\n"), "\(text)")
  }

  /// 360 g at once by the forecast, 120 g at 02:00: 240 g saved over three hours.
  @Test func savingsPerHourAreInGrams() throws {
    defer { clear() }
    for zones in ["home", "any"] {
      let text = try explain(
        [Self.one], policies: "[standard, {carbon-time: {wait: {short: 3h, long: 3h}, zones: \(zones)}}]", "carbon-time"
      )
      let score = "by forecast emissions saved, g per hour until completion, negated; score -80;"
      #expect(text.contains(score), "\(zones): \(text)")
    }
  }

  @Test func nothingWaitedAndNothingWasDue() throws {
    defer { clear() }
    _ = try explain([Self.one], policies: "[standard]", "standard")
    let path = folder + "/out/results.sqlite"
    let longest = try ResultExplanation(longestWaitIn: path, policy: nil, replication: 1)
    #expect(try longest.written(as: .text) == "No job waited under standard: each started at its submission.")
    let late = try LateJobList(path: path, policy: nil, replication: 1).written(as: .text)
    #expect(late.hasPrefix("No job has a deadline, so none is late; pylon explain RESULT --longest-wait"), "\(late)")
  }

  /// Both zones are out in the whole window.
  @Test func noStartIsPossible() throws {
    defer { clear() }
    let event = "{outage: {zone: [A, B], from: 20m, duration: 3h, running: fail}}"
    let path = try run(decisions: true, overrides: [("events", "[\(event)]")])
    let text = try ResultExplanation(path: path, job: "j1", policy: "standard", replication: 1).written(as: .text)
    #expect(text.contains("\n  No start in its window was possible: "), "\(text)")
    #expect(!text.contains("Lowest in hindsight"), "\(text)")
  }

  /// What is a link, a heading or a tag in Markdown is none on the page.
  @Test func markupInNames() throws {
    defer { clear() }
    let path = try run(decisions: false, name: "a [b](c) # <d>")
    let markdown = try ResultExplanation(path: path, job: "j1", policy: "greenest-within-window", replication: 1)
      .written(as: .markdown)
    let heading = "## j1 under greenest-within-window, replication 1 (run 2 of a \\[b\\](c) \\# &lt;d&gt;)\n"
    #expect(markdown.hasPrefix(heading))
  }

  /// Standard sends the job home, to A. It is submitted while A is out (00:30 to 01:30), then `block` goes on for an
  /// hour (it ran for half of its hour and a half) with 3 of A's 4 cores: an outage for an hour, and no room for another.
  @Test func waitsBehindOutagesAndOtherJobs() throws {
    defer { clear() }
    let log = folder + "/queue.csv"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try """
    job_id,submitted_at,duration_s,required_cpu_cores,required_memory_gb,home_zone
    block,2020-01-06T00:00Z,5400,3,4,A
    waits,2020-01-06T00:30Z,3600,2,4,A

    """.write(toFile: log, atomically: true, encoding: .utf8)
    let outage = "[{outage: {zone: A, from: 30m, duration: 1h, running: suspend}}]"
    let path = try run(
      decisions: true,
      overrides: [("events", outage), ("interruption", "{allowed: true}"), ("workload.file", "queue.csv")])
    let text = try ResultExplanation(path: path, job: "waits", policy: "standard", replication: 1).written(as: .text)
    let lines = text.split(separator: "\n").map(String.init)
    let place = try #require(lines.firstIndex(of: "Waiting"))
    #expect(
      lines[(place + 1)...(place + 3)].map { $0 } == [
        "  It waited 2 h from its submission at 2020-01-06T00:30:00Z to its start at 2020-01-06T02:30:00Z. A had then:",
        "    from 2020-01-06T00:30:00Z to 2020-01-06T01:30:00Z (1 h): an outage",
        "    from 2020-01-06T01:30:00Z to 2020-01-06T02:30:00Z (1 h): no room; free at first: 1 of the 2 cores it needs",
      ], "\(text)")
    let one = try #require(
      json(ResultExplanation(path: path, job: "waits", policy: "standard", replication: 1)).first?["wait"]
        as? [String: Any])
    #expect((one["stretches"] as? [[String: Any]])?.map { $0["reason"] as? String } == ["outage", "no_room"])
  }

  private func json(_ explanation: ResultExplanation) throws -> [[String: Any]] {
    let data = Data(try explanation.written(as: .json).utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
  }

  @Test func asJSON() throws {
    defer { clear() }
    let path = try run(decisions: true)
    let all = try json(ResultExplanation(path: path, job: "j1", policy: "greenest-within-window", replication: 1))
    let one = try #require(all.first)
    #expect(all.count == 1 && one["run_id"] as? Int == 2 && one["has_decision_log"] as? Bool == true)
    #expect((one["outcome"] as? [String: Any])?["start"] as? String == "2020-01-06T02:00:00.000Z")
    let forecast = try #require(one["forecast"] as? [String: Any])
    let real = try #require(forecast["on_the_real_trace"] as? [String: Double])
    #expect(abs(try #require(real["carbon_kg"]) - 0.15) < 1e-12 && real["intensity_gco2_kwh"] == 50)
    #expect((one["decisions"] as? [[String: Any]])?.map { $0["kind"] as? String } == ["recommend", "plan", "start"])
  }

  /// Without a log it says what it can, and what it cannot.
  @Test func withoutALog() throws {
    defer { clear() }
    let path = try run(decisions: false)
    let text = try ResultExplanation(path: path, job: "j1", policy: "greenest-within-window", replication: 1)
      .written(as: .text)
    let (why, table) = (text.components(separatedBy: "\nWhy\n"), Self.text.components(separatedBy: "\nAlternatives, "))
    #expect(why[0] == Self.text.components(separatedBy: "\nWhy\n")[0])
    let expected = """
        The recommended zones were A, B, best first.
        The policy's candidates, scores and predictions are not in this result: it was written without a decision log \
      (outputs: {decisions: all}).

      Waiting
        It waited 2 h from its submission at 2020-01-06T00:00:00Z to its start at 2020-01-06T02:00:00Z. A had then:
          from 2020-01-06T00:00:00Z to 2020-01-06T02:00:00Z (2 h): room, and no job that later started there waited
        A policy that plans starts may have meant it to wait: only a decision log (outputs: {decisions: all}) has the \
      plans, and no result has the order of the queue.

      Alternatives,
      """
    #expect(why[1].hasPrefix(expected), "\(why[1])")
    #expect(text.hasSuffix(table[1]))
  }

  @Test func whatIsNotThereIsToldPrecisely() throws {
    defer { clear() }
    let path = try run(decisions: false)
    func fault(job: String = "j1", policy: String? = nil, replication: Int = 1) -> String? {
      do {
        _ = try ResultExplanation(path: path, job: job, policy: policy, replication: replication)
        return nil
      } catch { return (error as? BadInput)?.description.replacing(path + ": ", with: "") }
    }
    #expect(fault(job: "j9") == "found no job j9 in replication 1, expected a job_id of compute_workloads")
    #expect(
      fault(policy: "cheapest")
        == "--policy: found cheapest, expected one of standard, greenest-within-window, standard (2)")
    #expect(fault(replication: 2) == "--replication: found 2, expected a whole number from 1 to 1")
    #expect(throws: BadInput.self) {
      try ResultExplanation(path: folder + "/submitted.csv", job: "j1", policy: nil, replication: 1)
    }
  }

  /// What it draws where and when it really ran is what its row says, which audit holds against the trace.
  @Test func itsOwnZoneIsAnAlternative() throws {
    defer { clear() }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let scenario = try OpenScenario(
      path: root + "/Scenarios/two-zones.yaml", overrides: [("outputs.decisions", "all")],
      policies: ["deadline-aware"], seed: nil)
    _ = try scenario.run(into: folder + "/out", figures: folder + "/plots")
    for number in stride(from: 1, through: 281, by: 40) {
      let name = "job-" + String(repeating: "0", count: 4 - "\(number)".count) + "\(number)"
      let all = try json(
        ResultExplanation(path: folder + "/out/results.sqlite", job: name, policy: "deadline-aware", replication: 1))
      let one = try #require(all.first)
      let outcome = try #require(one["outcome"] as? [String: Any])
      let others = try #require(one["alternatives"] as? [[String: Any]])
      let own = try #require(others.first { $0["zone"] as? String == outcome["zone"] as? String })
      let drawn = try #require(own["at_its_start"] as? [String: Double])
      let (carbon, cost) = (try #require(outcome["carbon_kg"] as? Double), try #require(outcome["cost_gbp"] as? Double))
      #expect(abs(try #require(drawn["carbon_kg"]) - carbon) <= 1e-9 * max(carbon, 1e-9), "\(name)")
      #expect(abs(try #require(drawn["cost_gbp"]) - cost) <= 1e-9 * max(cost.magnitude, 1e-9), "\(name)")
      // It ran there, so there was room.
      #expect(own["had_room_at_its_start"] as? Bool == true, "\(name)")
      let least = try #require((one["least_in_hindsight"] as? [String: Any])?["draw"] as? [String: Double])
      #expect(try #require(least["carbon_kg"]) <= carbon + 1e-9, "\(name)")
    }
  }
}
