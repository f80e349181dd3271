import Foundation
import Testing

/// `pylon report` as people call it.
@Suite struct ReportCommandTests {
  @Test func writesWholePagesAndRefuses() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate("--quiet", "--set", "replications=2", "--seed", "12").status == 0)
    // Two processes give the same bytes.
    let said = try workshop.run(["report", "out/results.sqlite"])
    let written = try workshop.run(["report", "out/results.sqlite", "-o", "report.html"])
    let page = try workshop.read("report.html")
    // A dash is standard output, of every command that writes a document.
    let dashed = try workshop.run(["report", "out/results.sqlite", "-o", "-"])
    #expect(dashed.status == 0 && dashed.out == page)
    let chart = try workshop.run(["plot", "out/results.sqlite", "--chart", "savings", "-o", "-"])
    #expect(chart.status == 0 && chart.out.hasPrefix("<svg") && chart.out.hasSuffix("</svg>\n"), "\(chart.error)")
    let replay = try workshop.run(["replay", "out/results.sqlite", "--out", "-"])
    #expect(replay.status == 0 && replay.out.hasSuffix("</html>\n"), "\(replay.error)")
    #expect(try workshop.shell("ls -- -").status != 0)
    #expect(said.status == 0 && written.status == 0 && written.out == "written: report.html\n")
    #expect(said.out == page && page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    // The command that it tells gives the same placements.
    let command = "pylon run s.yaml --set replications=2 --seed 12"
    #expect(page.contains(">\(command)<"))
    let again = try workshop.shell("$\(command) --out again --quiet && cmp out/jobs.csv again/jobs.csv")
    #expect(again.status == 0, "\(again.error)")
    let other = try workshop.run(["report", "again/results.sqlite"])
    #expect(other.out == page)
    let markdown = try workshop.run(["report", "out/results.sqlite", "--format", "markdown"])
    #expect(markdown.status == 0 && markdown.out.hasPrefix("## small\n") && markdown.out.contains("| --- | --: |"))
    for (arguments, status, told) in [
      (["s.yaml"], Int32(2), "s.yaml"), (["none.sqlite"], 2, "none.sqlite"),
      (["out/results.sqlite", "--format", "pdf"], 2, "pdf"), (["out/results.sqlite", "--point", "2"], 2, "point"),
      (["out/results.sqlite", "--confidence", "1"], 2, "--confidence"),
      (["out/results.sqlite", "-o", "jobs.csv/page.html"], 3, "jobs.csv"),
    ] {
      let outcome = try workshop.run(["report"] + arguments)
      #expect(outcome.status == status && outcome.error.contains(told) && outcome.out.isEmpty, "\(outcome.error)")
    }
    // A damaged file is refused, and the page of a good one stays.
    let broken = try workshop.shell(
      "head -c 40000 out/results.sqlite > cut.sqlite; $pylon report cut.sqlite -o report.html")
    let kept = try workshop.read("report.html")
    #expect(broken.status == 2 && kept == page, "\(broken.error)")
  }

  @Test func aSweepIsReportedAsAWholeAndPointByPoint() throws {
    let workshop = try Workshop()
    try workshop.write("s.yaml", try workshop.read("s.yaml") + "sweep: {grid: {zones.NORTH.pue: [1, 1.5]}}\n")
    #expect(try workshop.run(["sweep", "run", "s.yaml", "--out", "sw"]).status == 0)
    let all = try workshop.run(["report", "sw/results.sqlite"])
    #expect(all.status == 0 && all.out.contains("All points"), "\(all.error)")
    let none = try workshop.run(["report", "sw/results.sqlite", "--point", "3"])
    #expect(none.status == 2 && none.out.isEmpty, "\(none.error)")
    let one = try workshop.run(["report", "sw/results.sqlite", "--point", "2"])
    #expect(one.status == 0 && one.out.contains("point 2 of a sweep") && !one.out.contains("id=\"map\""))
  }
}
