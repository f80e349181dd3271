import Foundation
import Testing

/// What `whatif` prints, and the page that it writes.
@Suite struct WhatIfPageTests {
  @Test func onlyWhatChangedIsPrinted() throws {
    let workshop = try Workshop()
    let outcome = try workshop.run(["whatif", "s.yaml", "--set", "zones.*.pue=1.5", "-o", "whatif.html"])
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let rows = outcome.out.split(separator: "\n")
    #expect(rows.contains { $0.hasPrefix("standard") && $0.contains("carbon_kg") && $0.hasSuffix("+50.00") })
    #expect(
      !outcome.out.contains(" same\n") && !outcome.out.contains("± half width") && !outcome.out.contains("verdict"))
    #expect(outcome.out.contains("standard: unchanged: sla_met_pct 100, wait_mean_s "), "\(outcome.out)")
    #expect(outcome.out.hasSuffix("\nwritten: whatif.html\n"))
    let all = try workshop.run(["whatif", "s.yaml", "--set", "zones.*.pue=1.5", "--all"])
    #expect(all.out.contains("wait_mean_s") && !all.out.contains("unchanged"))
    let page = try workshop.read("whatif.html")
    #expect(page.components(separatedBy: "<figcaption>base</figcaption>").count > 4)
    #expect(page.contains("zones.*.pue=1.5") && page.contains("What changed"))
    // Ids of the pictures are their own.
    let ids = page.split(separator: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(ids).count == ids.count)
  }

  /// Grams where kilograms would have an exponent; files have kilograms.
  @Test func unitsAreChosenForPeople() throws {
    let workshop = try Workshop()
    try workshop.write(
      "jobs.csv",
      Workshop.jobs.replacing(",2\n", with: ",0.00002\n").replacing(",4\n", with: ",0.00004\n")
        .replacing(",1\n", with: ",0.00001\n"))
    let run = try workshop.simulate()
    #expect(run.out.contains("carbon g") && run.out.contains("carbon saved %") && run.out.contains("cost saved %"))
    let compare = try workshop.run(["compare", "out/results.sqlite"])
    #expect(compare.out.contains("carbon_g ") && !compare.out.contains("e-0"), "\(compare.out)")
    let csv = try workshop.run(["compare", "out/results.sqlite", "--format", "csv"])
    #expect(csv.out.contains("carbon_kg"))
  }

  /// All points of a sweep on one page, or one of them.
  @Test func sweepsHaveAReport() throws {
    let workshop = try Workshop()
    try workshop.write("s.yaml", Workshop.scenario + "sweep: {grid: {zones.*.pue: [1, 1.5], caps: [soft, hard]}}\n")
    #expect(try workshop.run(["sweep", "run", "s.yaml", "--out", "swept"]).status == 0)
    let page = try workshop.run(["report", "swept/results.sqlite"])
    #expect(page.status == 0 && page.error.isEmpty, "\(page.error)")
    #expect(page.out.contains("Best points") && page.out.contains("zones.*.pue (1, 1.5)") && page.out.contains("<svg"))
    let text = try workshop.run(["report", "swept/results.sqlite", "--format", "markdown"]).out
    #expect(text.contains("4 points, 2 policies, 1 replication per point"), "\(text)")
    #expect(text.split(separator: "\n").count { $0.contains("| standard") } >= 4)
    let point = try workshop.run(["report", "swept/results.sqlite", "--point", "2"])
    #expect(point.status == 0 && point.out.contains("point 2 of a sweep"))
  }
}
