import Foundation
import Reports
import Studies
import Testing

/// Zones that come and go, events that are added or replaced, and what is said of them.
@Suite struct WhatIfChangeTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// Two zones; jobs are at home in both, or where `home` says.
  private func scenario(
    home: String = "uniform", replications: Int = 1, policies: String = "[standard, greedy-lowest-carbon]",
    _ rest: String = ""
  ) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}"
    let text = """
      name: question
      seed: 7
      clock: {start: 2020-01-08T00:00:00Z, duration: 3d}
      zones:
        - {code: NORTH, \(zone), pue: 1.2}
        - {code: SOUTH, \(zone), pue: 1.5}
      grid: {carbon: {constant: 150}, price: {constant: 0.2}}
      workload: {preset: pylon, rate: 3, home: \(home)}
      policies: \(policies)
      replications: \(replications)
      \(rest)
      """
    try text.write(toFile: folder + "/question.yaml", atomically: true, encoding: .utf8)
    return folder + "/question.yaml"
  }

  private func rows(_ report: WhatIfReport) -> [[String]] {
    // The name of a variant may have commas; no other cell has.
    report.written(as: .csv).split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return [cells.dropLast(9).joined(separator: ",")] + cells.suffix(9)
    }
  }

  private func difference(_ rows: [[String]], _ policy: String, _ zone: String, _ metric: String) throws -> Double {
    let row = try #require(rows.first { $0[1] == policy && $0[2] == zone && $0[3] == metric })
    return try #require(Double(row[7]))
  }

  private let wales = """
    {code: WALES, coordinates: {lat: 52, lng: -4}, capacity: {cpu_cores: 640, memory_gb: 2560, gpus: 80}}
    """

  /// Work that an added zone has is in every format, and what is gained is lost elsewhere: no job vanishes.
  @Test func anAddedZoneIsListed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let question = try WhatIf(
      path: try scenario(home: "NORTH"), overrides: [("zones.+", wales), ("grid.carbon.constant", "150")],
      metrics: ["jobs_completed", "carbon_kg"])
    let report = try question.run(threads: 2)
    let rows = rows(report)
    for policy in ["standard", "greedy-lowest-carbon"] {
      let moves = try ["NORTH", "SOUTH", "WALES"].map { try difference(rows, policy, $0, "jobs_started") }
      #expect(moves.reduce(0, +) == 0, "\(policy): \(moves)")
    }
    for format in [ResultComparison.Format.text, .csv, .json, .markdown] {
      let text = report.written(as: format)
      #expect(text.contains("WALES"), "\(text)")
      // Homes are in NORTH in both: the jobs are the same.
      #expect(!text.contains("different jobs") && !text.contains("other home zones"))
    }
  }

  /// A list without SOUTH: its work is lost, and the homes that were drawn there are drawn anew.
  @Test func aRemovedZoneIsListed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let north = """
      [{code: NORTH, coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}, pue: 1.2}]
      """
    let report = try WhatIf(path: try scenario(), overrides: [("zones", north)], metrics: ["jobs_submitted"])
      .run(threads: 2)
    #expect(try difference(rows(report), "standard", "SOUTH", "jobs_started") < 0)
    #expect(try difference(rows(report), "standard", "", "jobs_submitted") == 0)
    let text = report.written(as: .text)
    #expect(text.contains("the same jobs with other home zones") && !text.contains("different jobs"), "\(text)")
  }

  /// The recipe of the book: twice the price costs twice as much under policies that do not look at it, for jobs that
  /// run after the clock as well.
  @Test func pricesDouble() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("events: [{outage: {zone: NORTH, from: 1d, duration: 2h, running: finish}}]")
    let report = try WhatIf(
      path: path, overrides: [("events.+", "{price: {from: 0h, factor: 2}}")], metrics: ["cost_gbp", "carbon_kg"]
    ).run(threads: 2)
    for row in rows(report) where row[3] == "cost_gbp" {
      let (base, variant) = (try #require(Double(row[4])), try #require(Double(row[5])))
      #expect(base > 0 && abs(variant / base - 2) < 1e-12, "\(row)")
    }
    for row in rows(report) where row[3] == "carbon_kg" { #expect(row[4] == row[5]) }
    #expect(!report.written(as: .text).contains("events replaces"))
  }

  @Test func replacedEventsAreNoted() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("events: [{outage: {zone: NORTH, from: 1d, duration: 2h}}]")
    let report = try WhatIf(
      path: path, overrides: [("events", "[{price: {from: 0h, factor: 2}}]")], metrics: ["cost_gbp"]
    ).run(threads: 2)
    let text = report.written(as: .text)
    let note = "note: events replaces the list of the base, without {outage: {zone: NORTH"
    #expect(text.contains(note), "\(text)")
    #expect(text.contains("; events.+ adds to it"))
  }

  /// Under `standard` the jobs at home in a closed zone are rejected, and that is said though only carbon is asked for.
  @Test func aClosedZone() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let report = try WhatIf(
      path: try scenario(), overrides: [("events.+", "{outage: {zone: SOUTH, from: 0h}}")], metrics: ["carbon_kg"]
    ).run(threads: 2)
    let text = report.written(as: .text)
    #expect(text.contains("note: closed for the whole clock: SOUTH;"), "\(text)")
    let first = try #require(text.components(separatedBy: "\n\n").drop { !$0.hasPrefix("variant ") }.dropFirst().first)
    #expect(first.hasPrefix("standard: ") && first.contains(" more jobs rejected (0 → "), "\(text)")
    #expect(first.hasSuffix(": less work was done, so less carbon and less cost are not savings on the same work"))
    let rows = rows(report)
    let lost = try difference(rows, "standard", "SOUTH", "jobs_started")
    #expect(lost < 0 && first.contains("\(Int(-lost)) more jobs rejected (0 → \(Int(-lost)))"), "\(lost) in \(text)")
    #expect(try difference(rows, "standard", "NORTH", "jobs_started") == 0)
    #expect(
      try difference(rows, "greedy-lowest-carbon", "NORTH", "jobs_started") == -difference(
        rows, "greedy-lowest-carbon", "SOUTH", "jobs_started"))
    // The sentence is of the policy that rejected jobs alone.
    #expect(!text.contains("greedy-lowest-carbon: "))
  }

  /// With intervals "no zone" means none for certain; without replications the text says how to get them.
  @Test func certainty() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario(policies: "[random]")
    let one = try WhatIf(path: path, overrides: [("zones.NORTH.pue", "1.3")]).run(threads: 2).written(as: .text)
    #expect(one.contains("note: one replication: another draw may give other differences; --replications 10"))
    let same = try WhatIf(path: path, overrides: [("zones.NORTH.name", "n")], replications: 3).run(threads: 2)
      .written(as: .text)
    #expect(same.contains("no zone gained or lost work") && !same.contains("one replication"), "\(same)")
    // Other random numbers move jobs either way.
    let (drawn, page) = try WhatIf(path: path, overrides: [("seed", "8")], replications: 3).runWithPage(threads: 2)
    #expect(page.contains(/<strong>[^<]*no certain difference in [^<]*emissions \([^<]*±[^<]*kgCO₂\)/))
    #expect(!page.contains("can&#39;t tell."))
    #expect(rows(drawn).contains { !$0[2].isEmpty && $0[7] != "0" })
    #expect(
      drawn.written(as: .text).contains(
        "no zone certainly gained or lost work: the 95 % interval of every difference includes 0"))
  }

  /// Deadlines by urgency move with the deferral window; those of a time span stay, so that nothing changes for a policy
  /// that never defers.
  @Test func deadlinesThatStay() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario()
    let longer = ("workload.classes.*.deferral_window", "12h")
    let shared = [("workload.classes.*.deadline", "2h")]
    let fixed = try WhatIf(path: path, common: shared, overrides: [longer], metrics: ["sla_met_pct"]).run(threads: 2)
    let moving = try WhatIf(path: path, overrides: [longer], metrics: ["sla_met_pct"]).run(threads: 2)
    #expect(try difference(rows(fixed), "standard", "", "sla_met_pct") == 0)
    #expect(try difference(rows(moving), "standard", "", "sla_met_pct") > 0)
  }

  @Test func nearMetricsAndNestedZones() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario()
    #expect { try WhatIf(path: path, overrides: [("seed", "1")], metrics: ["carbon"]) } throws: {
      "\($0)".hasSuffix("; did you mean carbon_kg?")
    }
    let file = folder + "/variants.yaml"
    try "variants: {a: {grid: {forecast: {model: perfect}}}}".write(toFile: file, atomically: true, encoding: .utf8)
    #expect { try WhatIf(path: path, overrides: [], variantFile: file) } throws: {
      "\($0)".contains("grid replaces all of grid; to change one value, write grid.forecast.model: perfect")
    }
  }

  /// The page says what was changed and what follows, shows the instants that were asked for, and tells twins apart.
  @Test func thePageSaysWhatWasChanged() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("outputs: {maps: [2020-01-08T14:00:00Z, 2020-01-09T06:00:00Z]}")
    let (_, page) = try WhatIf(path: path, overrides: [("zones.*.pue", "1.8")]).runWithPage(threads: 2)
    #expect(page.contains("What the variant changes") && page.contains("1.2, 1.5") && page.contains("1.8"))
    #expect(page.contains("unchanged: deadlines met ") && !page.contains("sla_met_pct"))
    #expect(page.contains("<th scope=\"row\">standard</th><td>emissions, kgCO₂</td>"))
    for text in ["2020-01-08 14:00 UTC", "2020-01-09 06:00 UTC", "question, base", "question, variant zones.*.pue=1.8"]
    {
      #expect(page.contains(text), "\(text)")
    }
    #expect(!page.contains("2020-01-09 12:00 UTC"))
    let parts = [
      "<strong>standard: emissions ", "What the variant changes", "What changed", "unchanged: ", "<figcaption>",
    ]
    let places = parts.map { page.range(of: $0)?.lowerBound }
    #expect(!places.contains(nil) && places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(places)")
  }
}
