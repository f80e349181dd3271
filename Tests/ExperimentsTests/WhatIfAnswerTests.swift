import Foundation
import Studies
import Testing

/// What an operator asks of a variant: how events were understood, whether targets are still met, what a new policy
/// would do, and why nothing changed.
@Suite struct WhatIfAnswerTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// Two zones and four jobs of two hours, at home in SOUTH but for the first; `d` takes two GPUs.
  private func scenario(_ rest: String = "") throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 12}"
    let text = """
      name: question
      clock: {start: 2020-01-08T00:00:00Z, duration: 1d}
      zones:
        - {code: NORTH, name: Glasgow, \(zone), pue: 1.2}
        - {code: SOUTH, name: London, \(zone), pue: 1.5}
      grid: {carbon: {constant: 150}, price: {constant: 0.2}}
      workload: {file: jobs.csv}
      policies: [standard, greedy-lowest-carbon]
      \(rest)
      """
    let jobs = """
      job_id,submitted_at,duration_s,required_cpu_cores,required_gpus,deferral_window_mins,deadline,home_zone
      a,2020-01-08T01:00:00Z,7200,4,0,720,2020-01-08T06:00:00Z,NORTH
      b,2020-01-08T02:00:00Z,7200,4,0,720,2020-01-08T06:00:00Z,SOUTH
      c,2020-01-08T03:00:00Z,7200,4,0,720,2020-01-08T06:00:00Z,SOUTH
      d,2020-01-08T12:00:00Z,7200,4,2,720,2020-01-08T20:00:00Z,SOUTH

      """
    try text.write(toFile: folder + "/question.yaml", atomically: true, encoding: .utf8)
    try jobs.write(toFile: folder + "/jobs.csv", atomically: true, encoding: .utf8)
    return folder + "/question.yaml"
  }

  private func ask(
    _ overrides: [(String, String)], _ rest: String = "", metrics: [String] = []
  ) throws -> (text: String, markdown: String, csv: String, page: String) {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (report, page) = try WhatIf(path: try scenario(rest), overrides: overrides, metrics: metrics)
      .runWithPage(threads: 2)
    return (
      report.written(as: .text), report.written(as: .markdown), report.written(as: .csv), page
    )
  }

  private let noon = "from 2020-01-08 12:00 UTC to 2020-01-08 18:00 UTC"

  /// Events as `pylon validate` prints them, in text, Markdown and page: those that are added, changed and left out.
  @Test func eventsAreSaidAsTheyWereUnderstood() throws {
    let half = try ask([("events.+", "{capacity: {zone: London, from: 12h, until: 18h, gpus: 50%}}")])
    let event = "event: capacity of SOUTH: 12 → 6 GPUs, \(noon)"
    #expect(half.text.contains("6 GPUs") && half.text.contains("gpus: 50%}}\n\(event)\n\n"), "\(half.text)")
    #expect(half.markdown.contains("\n\n\(event)\n\n") && half.page.contains("<p>\(event)</p>"))
    let rest = "events: [{outage: {zone: NORTH, from: 12h, duration: 2h}}]"
    let longer = try ask([("events.0.outage.duration", "6h")], rest).text
    #expect(longer.contains("\nevent: outage of NORTH, running jobs fail, \(noon)\n"), "\(longer)")
    #expect(
      longer.contains("\nevent of the base only: outage of NORTH, running jobs fail, from 2020-01-08 12:00 UTC to "))
    let other = try ask([("events.+", "{price: {from: 12h, until: 18h, factor: 2}}")], rest).text
    #expect(other.contains("\nevent: price of every zone × 2, \(noon)\n") && !other.contains("outage"), "\(other)")
    let surge = try ask([("seed", "3")], rest).text
    #expect(!surge.contains("event"), "\(surge)")
  }

  /// An outage until 6 h keeps b and c from their deadlines under `standard` alone.
  @Test func requirementsThatAreNoLongerMet() throws {
    let outage = ("events.+", "{outage: {zone: SOUTH, from: 0h, duration: 6h}}")
    let told = try ask([outage], "requirements: {sla_met_pct: 99, wait_p95_s: 7200}")
    let deadlines =
      "required: deadlines met at least 99 %: standard (100 → 50 %) no longer meets it; greedy-lowest-carbon meets it "
      + "in both"
    #expect(told.text.contains("\n\n\(deadlines)\n\n") && told.markdown.contains("%) no longer meets it"))
    #expect(told.text.contains("at most 7200 s (2 h): standard (0 → "), "\(told.text)")
    #expect(told.text.contains(/standard +sla_met_pct +100 +50\* +-50 points/), "\(told.text)")
    #expect(
      told.text.contains("\n\n* does not meet the requirement for deadlines met and 95th percentile of waits\n\n"))
    #expect(told.page.contains("<p class=\"verdict\">\(deadlines)</p>") && told.page.contains("<td>50*</td>"))
    #expect(told.page.contains("* does not meet the requirement for deadlines met"))
    #expect(!told.csv.contains("*"))
    let better = try ask([("events", "[{price: {from: 0h, factor: 1}}]")], "events: [{\(outage.1.dropFirst())]").text
    #expect(better.contains("deadlines met at least 95 %: standard (50 → 100 %) now meets it"), "\(better)")
    let neither = try ask([("zones.NORTH.pue", "1.3")], "events: [{\(outage.1.dropFirst())]").text
    #expect(
      neither.contains(": standard (50 %) meets it in neither base nor variant; greedy-lowest-carbon meets it in both"))
    #expect(neither.contains("unchanged: ") && neither.contains("sla_met_pct 50*"), "\(neither)")
  }

  /// A target of the variant's own is an answer, though no figure changed.
  @Test func requirementsOfTheVariant() throws {
    let rest = "events: [{outage: {zone: SOUTH, from: 0h, duration: 6h}}]\nrequirements: {sla_met_pct: 40}"
    let higher = try ask([("requirements.sla_met_pct", "90")], rest).text
    #expect(
      higher.contains(
        "required: deadlines met at least 90 % (base: at least 40 %): standard (50 %) no longer meets it; "),
      "\(higher)")
    #expect(higher.contains(/standard +sla_met_pct +50 +50\* +0 points/), "\(higher)")
    let own = try ask([("requirements.wait_p95_s", "60")], rest).text
    #expect(
      own.contains("required in the variant only: 95th percentile of waits at most 60 s: standard ("))
    #expect(own.contains("; greedy-lowest-carbon (0 s) meets it"), "\(own)")
  }

  /// A policy that only the variant runs is compared with the base's baseline.
  @Test func aPolicyOfTheVariant() throws {
    let told = try ask([("policies.+", "cheapest")], metrics: ["carbon_kg", "sla_met_pct"])
    #expect(
      told.text.contains("only the variant runs cheapest, which is compared with standard in the base:\n\npolicy"))
    #expect(told.text.contains("standard, base") && told.text.contains(/\ncheapest +carbon_k?g +\d/), "\(told.text)")
    #expect(told.text.contains("cheapest (100 %) meets it"))
    #expect(
      told.page.contains("Only the variant runs cheapest") && told.page.contains("cheapest, compared with standard"))
    #expect(told.csv.contains(",cheapest,,carbon_kg,,"), "\(told.csv)")
    let fewer = try ask([("policies", "[standard]")]).text
    #expect(fewer.contains("note: only the base runs greedy-lowest-carbon"), "\(fewer)")
  }

  /// Two GPUs of twelve for two hours of a day.
  @Test func lostCapacityThatNobodyUsed() throws {
    let half = try ask([("events.+", "{capacity: {zone: SOUTH, from: 6h, until: 18h, gpus: 50%}}")]).text
    #expect(
      half.contains("\n\nSOUTH: on average 0.1667 of its 12 GPUs were in use in the base under standard, "), "\(half)")
    #expect(!half.contains("cores were in use"))
    let more = try ask([("zones.SOUTH.capacity.gpus", "24")]).text
    #expect(!more.contains("in use in the base"))
  }

  @Test func aVariantThatIsTheBase() throws {
    let same = try ask([("zones.London.capacity.gpus", "12")]).text
    #expect(same.contains("note: the variant is the base: zones.London.capacity.gpus is 12 there too"), "\(same)")
    let half = try ask([("zones.*.capacity.gpus", "12"), ("zones.SOUTH.pue", "1.6")]).text
    #expect(half.contains("note: as in the base: zones.*.capacity.gpus is 12 there too"), "\(half)")
    #expect(!(try ask([("zones.SOUTH.pue", "1.6")]).text.contains("there too")))
  }

  /// A note of the base that does not hold for the variant says so; one that holds for both is printed once.
  @Test func notesOfTheBase() throws {
    let rest = "events: [{outage: {zone: SOUTH, from: 150m, duration: 10m}}]"
    let ended = "outages or lost capacity ended 1 job under standard"
    let without = try ask([("events.0.outage.from", "20h")], rest).text
    #expect(without.contains("\n\nnote: base: \(ended)"), "\(without)")
    let both = try ask([("zones.NORTH.pue", "1.3")], rest).text
    #expect(both.components(separatedBy: ended).count == 2 && both.contains("\n\nnote: \(ended)"), "\(both)")
  }

  /// The page has the zones' names, titles and units; the column of work says what it goes by.
  @Test func namesAndUnits() throws {
    let told = try ask([("events.+", "{outage: {zone: NORTH, from: 0h, duration: 6h, running: suspend}}")])
    #expect(
      told.page.contains("SOUTH (London)") && told.page.contains("A zone gained work if its jobs used more energy"))
    #expect(told.page.contains("<td>mean wait</td>") && told.page.contains("\u{A0}min</td>"))
    #expect(told.text.contains("work by kWh\n") && told.page.contains(">work by kWh</th>"))
    #expect(!told.page.contains("wait_mean_s"))
  }
}
