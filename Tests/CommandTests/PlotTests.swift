import Foundation
import FoundationXML
import Testing

/// `pylon plot` and `pylon trace describe --svg` as people call them.
@Suite struct PlotTests {
  /// A document that is cut short or has two roots leaves an error behind, though `parse` says yes.
  private func isWellFormed(_ text: String) -> Bool {
    let parser = XMLParser(data: Data(text.utf8))
    return parser.parse() && parser.parserError == nil
  }

  @Test func plotsListsAndRefuses() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate("--quiet").status == 0)
    let list = try workshop.run(["plot", "out/results.sqlite", "--list"])
    #expect(list.status == 0 && list.out.split(separator: "\n").count == 9 && !list.out.contains("not in this result"))
    let told = try workshop.run(["plot", "out/results.sqlite", "--chart", "savings"])
    let written = try workshop.read("out/plots/chart-savings.svg")
    #expect(told.status == 0 && told.out == written)
    let dark = try workshop.run(["plot", "out/results.sqlite", "--chart", "load", "--theme", "dark", "-o", "dark.svg"])
    #expect(dark.status == 0 && dark.out == "written: dark.svg\n")
    let drawn = try workshop.read("dark.svg")
    #expect(isWellFormed(drawn) && drawn.contains("#0f172a"))
    for (arguments, told) in [
      (["--chart", "lode"], "--chart: found \"lode\", expected one of intensity, load, wait"),
      (["--chart", "load", "--theme", "pink"], "--theme: found \"pink\", expected one of light, dark"),
      ([], "expected either --chart NAME or --list"), (["--chart", "load", "--list"], "expected either --chart"),
      (["--list", "--point", "2"], "point"),
    ] {
      let outcome = try workshop.run(["plot", "out/results.sqlite"] + arguments)
      #expect(outcome.status == 2 && outcome.error.contains(told), "\(outcome.error)")
    }
    #expect(try workshop.run(["plot", "jobs.csv", "--list"]).status == 2)
    let nowhere = try workshop.run(["plot", "out/results.sqlite", "--chart", "load", "-o", "jobs.csv/place.svg"])
    #expect(nowhere.status == 3, "\(nowhere.error)")
  }

  @Test func tracesAreDrawn() throws {
    let workshop = try Workshop()
    for theme in ["light", "dark"] {
      let outcome = try workshop.run(["trace", "describe", "carbon.csv", "--svg", "t.svg", "--theme", theme])
      #expect(outcome.status == 0 && outcome.out.hasSuffix("written: t.svg\n"))
      let svg = try workshop.read("t.svg")
      #expect(isWellFormed(svg) && svg.contains(">NORTH</text>") && svg.contains("gCO₂/kWh"))
    }
    #expect(try workshop.run(["trace", "describe", "carbon.csv", "--theme", "pink"]).status == 2)
  }

  @Test func sweepsAreDrawn() throws {
    let workshop = try Workshop()
    try workshop.write(
      "s.yaml",
      try workshop.read("s.yaml") + "sweep: {grid: {zones.NORTH.pue: [1, 1.5, 2], zones.SOUTH.pue: [1, 1.5]}}\n")
    #expect(try workshop.run(["sweep", "run", "s.yaml", "--out", "sw"]).status == 0)
    for name in ["chart-response.svg", "chart-heat.svg"] { #expect(isWellFormed(try workshop.read("sw/" + name))) }
    let many = try workshop.run(["plot", "sw/results.sqlite", "--list"])
    #expect(many.status == 2 && many.error.contains("--point with one from 1 to 6"), "\(many.error)")
    let one = try workshop.run(["plot", "sw/results.sqlite", "--chart", "pareto", "--point", "6"])
    #expect(one.status == 0 && isWellFormed(one.out))
    let wait = try workshop.run(["plot", "sw/results.sqlite", "--chart", "wait", "--point", "6"])
    #expect(wait.status == 2 && wait.error.contains("expected one of pareto, savings"), "\(wait.error)")
    // One key less: the heat map of the earlier sweep goes.
    try workshop.change("s.yaml", ", zones.SOUTH.pue: [1, 1.5]", "")
    #expect(try workshop.run(["sweep", "run", "s.yaml", "--out", "sw"]).status == 0)
    #expect(try workshop.names("sw").contains("chart-response.svg"))
    #expect(try !workshop.names("sw").contains("chart-heat.svg"))
  }
}
