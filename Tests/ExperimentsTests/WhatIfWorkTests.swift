import Foundation
import Studies
import Testing

/// Savings of work that was not done, jobs of other files, and maps of events.
@Suite struct WhatIfWorkTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private static let jobs = """
    job_id,submitted_at,duration_s,required_cpu_cores,deferral_window_mins,deadline,home_zone
    a,2020-01-08T01:00:00Z,7200,4,60,2020-01-08T12:00:00Z,NORTH
    b,2020-01-08T02:00:00Z,7200,4,60,2020-01-08T12:00:00Z,SOUTH
    c,2020-01-08T03:00:00Z,7200,4,60,2020-01-08T12:00:00Z,SOUTH
    d,2020-01-08T20:00:00Z,36000,4,60,2020-01-09T22:00:00Z,SOUTH
    """

  /// Two zones; the jobs of a file under `standard` and a policy that moves them.
  private func scenario(_ rest: String = "", replications: Int = 1) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256}"
    let text = """
      name: question
      clock: {start: 2020-01-08T00:00:00Z, duration: 1d}
      zones:
        - {code: NORTH, \(zone)}
        - {code: SOUTH, \(zone)}
      grid: {carbon: {constant: 150}, price: {constant: 0.2}}
      workload: {file: jobs.csv}
      policies: [standard]
      replications: \(replications)
      \(rest)
      """
    try text.write(toFile: folder + "/question.yaml", atomically: true, encoding: .utf8)
    try write(WhatIfWorkTests.jobs, "jobs.csv")
    return folder + "/question.yaml"
  }

  private func write(_ text: String, _ name: String) throws {
    try (text + "\n").write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
  }

  /// What comes first under the heading of the variant in the text, and in bold on the page.
  private func first(_ overrides: [(String, String)], _ rest: String = "") throws -> (text: String, page: String) {
    let question = try WhatIf(path: try scenario(rest), overrides: overrides)
    let (report, html) = try question.runWithPage(threads: 2)
    let parts = report.written(as: .text).components(separatedBy: "\n\n")
    let place = try #require(parts.firstIndex { $0.hasPrefix("variant ") })
    let bold = try #require(html.firstMatch(of: /<strong>([^<]*)<\/strong>/))
    return (parts[place + 1], String(bold.output.1))
  }

  /// Rejected, failed and unfinished jobs come before any saving, in the text and on the page.
  @Test(arguments: [
    ("", "{outage: {zone: SOUTH, from: 0h}}", "3 more jobs rejected (0 → 3)"),
    ("", "{outage: {zone: SOUTH, from: 150m, duration: 10m}}", "1 more job failed (0 → 1)"),
    (
      "drain: false", "{outage: {zone: SOUTH, from: 1h, duration: 23h, running: suspend}}",
      "3 more jobs unfinished"
    ),
  ])
  func lessWorkIsNoSaving(rest: String, event: String, count: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (text, page) = try first([("events.+", event)], rest)
    let end = ": less work was done, so less carbon and less cost are not savings on the same work"
    if rest.isEmpty {
      #expect(text == "standard: \(count)\(end)")
    } else {
      #expect(text.hasPrefix("standard: ") && text.contains(" more jobs ") && text.hasSuffix(end), "\(text)")
    }
    #expect(page.hasPrefix(text + ". Emissions "), "\(page)")
    #expect(page.contains("% less"))
  }

  @Test func moreWorkIsNoLoss() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (text, page) = try first(
      [("events", "[{price: {from: 0h, factor: 1}}]")], "events: [{outage: {zone: SOUTH, from: 0h}}]")
    #expect(
      text == "standard: 3 fewer jobs rejected (3 → 0): more work was done, so more carbon and more cost are not "
        + "losses on the same work")
    #expect(page.hasPrefix(text))
  }

  /// The policy that left work undone comes first, whatever the order in which policies run.
  @Test func theFirstSentenceIsOfTheWork() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let policies = ("policies", "[greedy-lowest-carbon, standard]")
    let question = try WhatIf(
      path: try scenario(), common: [policies], overrides: [("events.+", "{outage: {zone: SOUTH, from: 0h}}")],
      metrics: ["carbon_kg"])
    let (report, html) = try question.runWithPage(threads: 2)
    let bold = html.matches(of: /<strong>([^<]*)<\/strong>/).map { String($0.output.1) }
    #expect(bold.count == 2 && bold[0].hasPrefix("standard: 3 more jobs rejected (0 → 3): less work"), "\(bold)")
    #expect(bold[1] == "greedy-lowest-carbon: no change in emissions.")
    #expect(!report.written(as: .text).contains("greedy-lowest-carbon: 0"))
  }

  /// With as much work, nothing is said of it.
  @Test func theSameWorkIsNotMentioned() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (text, page) = try first([("zones.SOUTH.pue", "1.5")])
    #expect(text == "required: deadlines met at least 95 %: standard meets it in both")
    #expect(page.hasPrefix("standard: emissions "), "\(page)")
  }

  /// Jobs are compared by what they are, not by the name of their file.
  @Test(
    arguments: [
      ([], nil),
      (
        [("01:00:00Z,7200,4,60,", "01:00:00Z,7200,4,720,"), ("03:00:00Z,7200,4,60,", "03:00:00Z,7200,4,0,")],
        "the same jobs with other windows (another deferral window: 2 of 4 jobs)"
      ),
      (
        [("2020-01-09T22:00:00Z", "2020-01-09T23:00:00Z")],
        "the same jobs with other windows (another deadline: 1 of 4 jobs)"
      ),
      ([("12:00:00Z,NORTH", "12:00:00Z,SOUTH")], "the same jobs with other home zones (1 of 4 jobs)"),
      ([("7200,4,", "7200,8,")], "different jobs"),
      ([("\nd,", "\ne,")], "different jobs"),
    ] as [([(String, String)], String?)])
  func jobsAreComparedByWhatTheyAre(changes: [(String, String)], note: String?) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario()
    try write(changes.reduce(WhatIfWorkTests.jobs) { $0.replacing($1.0, with: $1.1) }, "other.csv")
    let text = try WhatIf(path: path, overrides: [("workload.file", "other.csv")]).run(threads: 1).written(as: .text)
    if let note {
      #expect(text.contains("note: the variant has \(note)"), "\(text)")
    } else {
      #expect(!text.contains("the variant has"), "\(text)")
    }
  }

  /// A generated workload with longer windows has the same jobs.
  @Test func generatedJobsMayWaitLonger() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = try WhatIf(
      path: try scenario(replications: 2), common: [("workload", "{preset: pylon, rate: 1}")],
      overrides: [("workload.classes.*.deferral_window", "12h")]
    ).run(threads: 2).written(as: .text)
    #expect(text.contains("the variant has the same jobs with other windows (another deferral window: "), "\(text)")
    #expect(!text.contains("different jobs"))
  }

  /// Without being asked, the page shows the middle of the first event that the variant changes, on both sides.
  @Test(arguments: [
    ("events.+", "{outage: {zone: SOUTH, from: 6h, duration: 4h}}", "2020-01-08 08:00 UTC", "outage of SOUTH"),
    ("events.+", "{capacity: {zone: SOUTH, at: 12h, cpu_cores: 4}}", "2020-01-08 18:00 UTC", "capacity of SOUTH"),
    ("events.+", "{price: {from: 20h, duration: 2h, factor: 2}}", "2020-01-08 21:00 UTC", "price of every zone"),
    ("events.0.outage.duration", "4h", "2020-01-08 03:30 UTC", "outage of NORTH"),
    ("zones.SOUTH.capacity.cpu_cores", "8", "2020-01-08 02:00 UTC", "outage of NORTH"),
  ])
  func thePageShowsTheEvent(key: String, value: String, at: String, of event: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rest = "events: [{outage: {zone: NORTH, from: 90m, duration: 1h}}]"
    let page = try WhatIf(path: try scenario(rest), overrides: [(key, value)]).runWithPage(threads: 2).html
    #expect(page.contains("Map in the middle of an event: \(event)"))
    #expect(page.matches(of: /side · ([^<"]*)<\/text>/).map { String($0.output.1) } == [at, at])
  }

  @Test func instantsThatWereAskedForAreShownToo() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("outputs: {maps: [2020-01-08T14:00:00Z], samples: none}")
    let event = "{outage: {zone: SOUTH, from: 6h, duration: 4h}}"
    let page = try WhatIf(path: path, overrides: [("events.+", event)]).runWithPage(threads: 2).html
    let shown = page.matches(of: /side · ([^<"]*)<\/text>/).map { String($0.output.1) }
    #expect(shown == ["2020-01-08 08:00 UTC", "2020-01-08 08:00 UTC", "2020-01-08 14:00 UTC", "2020-01-08 14:00 UTC"])
  }
}
