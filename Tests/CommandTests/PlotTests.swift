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
    #expect(list.status == 0 && list.out.split(separator: "\n").count == 11 && !list.out.contains("not in this result"))
    let told = try workshop.run(["plot", "out/results.sqlite", "--chart", "savings"])
    let written = try workshop.read("out/plots/chart-savings.svg")
    #expect(told.status == 0 && told.out == written)
    let dark = try workshop.run(["plot", "out/results.sqlite", "--chart", "load", "--theme", "dark", "-o", "dark.svg"])
    #expect(dark.status == 0 && dark.out == "written: dark.svg\n")
    let drawn = try workshop.read("dark.svg")
    #expect(isWellFormed(drawn) && drawn.contains("#0f172a"))
    for (arguments, told) in [
      (
        ["--chart", "lode"],
        "The value 'lode' is invalid for '--chart <chart>'. Please provide one of the following:\n  - intensity"
      ),
      (["--chart", "saving"], "\nDid you mean savings?"),
      (["--chart", "load", "--theme", "darc"], "Did you mean dark?"),
      (["--chart", "load", "--dpi", "5"], "--dpi: found 5, expected a number from 36 to 2400"),
      (
        ["--chart", "load", "--theme", "pink"],
        "The value 'pink' is invalid for '--theme <theme>'. Please provide one of 'light' and 'dark'."
      ),
      ([], "expected either --chart NAME or --list"), (["--chart", "load", "--list"], "expected either --chart"),
      (["--list", "--point", "2"], "point"),
    ] {
      let outcome = try workshop.run(["plot", "out/results.sqlite"] + arguments)
      #expect(outcome.status == 2 && outcome.error.contains(told), "\(outcome.error)")
    }
    #expect(try workshop.run(["plot", "jobs.csv", "--list"]).status == 2)
    // A figure of another size, of some policies, without its title.
    let small = try workshop.run([
      "plot", "out/results.sqlite", "--chart", "savings", "--width", "400", "--height", "300", "--font-size", "10",
      "--no-title", "--policies", "greedy-lowest-carbon",
    ])
    #expect(small.status == 0 && isWellFormed(small.out) && small.out.contains("width=\"400\" height=\"300\""))
    #expect(!small.out.contains("font-weight=\"bold\">s: saved"), "\(small.out.prefix(400))")
    let spaced = try workshop.run([
      "plot", "out/results.sqlite", "--chart", "pareto", "--policies", "standard, greedy-lowest-carbon",
    ])
    #expect(spaced.status == 0, "\(spaced.error)")
    for (arguments, told) in [
      (["-o", "x.jpg"], "-o: found x.jpg, expected a name that ends with .svg, .pdf or .png"),
      (["-o", "x"], "expected a name that ends with"),
      (["--width", "99"], "--width: found 99, expected a number from 300"),
      (["--font-size", "0"], "--font-size: found 0"), (["--height", "20"], "--height: found 20, expected at least"),
      (["--policies", "standard, greedy-lowest-carbom"], "did you mean greedy-lowest-carbon?"),
      (["--policies", "standard,none"], "--policies: found none, expected some of standard, greedy-lowest-carbon"),
    ] {
      let outcome = try workshop.run(["plot", "out/results.sqlite", "--chart", "savings"] + arguments)
      #expect(outcome.status == 2 && outcome.error.contains(told), "\(outcome.error)")
      #expect(try !workshop.names().contains("x.jpg"))
    }
    let nowhere = try workshop.run(["plot", "out/results.sqlite", "--chart", "load", "-o", "jobs.csv/place.svg"])
    #expect(nowhere.status == 3, "\(nowhere.error)")
  }

  /// PDF and PNG are made by `rsvg-convert`: without it they are refused, and nothing else hides under their names.
  @Test func otherFormatsNeedAConverter() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate("--quiet").status == 0)
    func plot(_ path: String, _ name: String) throws -> Outcome {
      try workshop.shell("PATH=\(path) \"$pylon\" plot out/results.sqlite --chart load -o \(name)")
    }
    let without = try plot("/nowhere", "x.pdf")
    #expect(without.status == 2 && without.error.contains("PDF needs the program rsvg-convert"), "\(without.error)")
    #expect(try without.error.contains("librsvg2-bin") && !workshop.names().contains("x.pdf"))
    try workshop.write("rsvg-convert", "#!/bin/sh\ngrep -q '<svg' \"$5\" && echo \"made $2 $6 $7\" > \"$4\"\n")
    #expect(try workshop.shell("mkdir bin; mv rsvg-convert bin; chmod +x bin/rsvg-convert").status == 0)
    for format in ["pdf", "png"] {
      let made = try plot("$PWD/bin:/usr/bin:/bin", "x." + format)
      #expect(made.status == 0 && made.out == "written: x.\(format)\n", "\(made.error)")
      #expect(try workshop.read("x." + format) == "made \(format) \(format == "png" ? "-z 3.125000" : " ")\n")
    }
    try workshop.write("bin/rsvg-convert", "#!/bin/sh\necho cannot draw >&2\nexit 1\n")
    let failed = try plot("$PWD/bin:/usr/bin:/bin", "y.png")
    #expect(failed.status == 3 && failed.error.contains("rsvg-convert failed: cannot draw"), "\(failed.error)")
    #expect(try !workshop.names().contains("y.png"))
  }

  /// All maps of a result, and those of its report and replay, have one scale: that of all samples, at whatever instants
  /// the maps are.
  @Test func mapsHaveOneScale() throws {
    let workshop = try Workshop()
    try workshop.change("carbon.csv", "T20:00Z,120", "T20:00Z,512")
    #expect(try workshop.simulate("--quiet", "--set", "outputs.maps={every: 6h}").status == 0)
    let names = try workshop.names("out/plots").filter { $0.hasPrefix("map") }
    #expect(names.count == 2 * 4 + 4 + 2)
    for name in names {
      #expect(try workshop.read("out/plots/" + name).contains(">600 gCO₂/kWh</text>"), "\(name)")
    }
    for page in ["report", "replay"] {
      #expect(try workshop.run([page, "out/results.sqlite", "-o", page + ".html"]).status == 0)
    }
    #expect(try workshop.read("report.html").contains(">600 gCO₂/kWh</text>"))
    #expect(try workshop.read("replay.html").contains("\"top\":600"))
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
    let many = try workshop.run(["plot", "sw/results.sqlite", "--chart", "pareto"])
    #expect(
      many.status == 2 && many.error.contains("--chart response or heat, or --point with one from 1 to 6"),
      "\(many.error)")
    // `plot` draws the charts that the sweep wrote, byte by byte, and some of the policies.
    let list = try workshop.run(["plot", "sw/results.sqlite", "--list"])
    #expect(list.status == 0 && list.out.hasPrefix("response: ") && list.out.contains("policy (with --point)"))
    #expect(!list.out.contains("not in this result") && list.out.split(separator: "\n").count == 13)
    let help = try workshop.run(["plot", "--help"]).out
    #expect(help.contains("response") && help.contains("heat"))
    for name in ["response", "heat"] {
      let drawn = try workshop.run(["plot", "sw/results.sqlite", "--chart", name])
      #expect(drawn.status == 0, "\(drawn.error)")
      #expect(try drawn.out == workshop.read("sw/chart-\(name).svg"))
      let some = try workshop.run([
        "plot", "sw/results.sqlite", "--chart", name, "--policies", "greedy-lowest-carbon", "--width", "600",
        "--theme", "dark",
      ])
      #expect(some.status == 0 && isWellFormed(some.out) && some.out.contains("width=\"600\""), "\(some.error)")
      #expect(!some.out.contains(">standard<"))
      let wrong = try workshop.run(["plot", "sw/results.sqlite", "--chart", name, "--policies", "none"])
      #expect(wrong.status == 2 && wrong.error.contains("--policies: found none, expected some of standard"))
      let point = try workshop.run(["plot", "sw/results.sqlite", "--chart", name, "--point", "1"])
      #expect(point.status == 2 && point.error.contains("found no data for \(name), expected one of pareto"))
    }
    let one = try workshop.run(["plot", "sw/results.sqlite", "--chart", "pareto", "--point", "6"])
    #expect(one.status == 0 && isWellFormed(one.out))
    let wait = try workshop.run(["plot", "sw/results.sqlite", "--chart", "wait", "--point", "6"])
    #expect(wait.status == 2 && wait.error.contains("expected one of pareto, savings"), "\(wait.error)")
    // One key less: the heat map of the earlier sweep goes.
    try workshop.change("s.yaml", ", zones.SOUTH.pue: [1, 1.5]", "")
    #expect(try workshop.run(["sweep", "run", "s.yaml", "--out", "sw"]).status == 0)
    #expect(try workshop.names("sw").contains("chart-response.svg"))
    #expect(try !workshop.names("sw").contains("chart-heat.svg"))
    let gone = try workshop.run(["plot", "sw/results.sqlite", "--chart", "heat"])
    #expect(gone.status == 2 && gone.error.contains("found no data for heat, expected one of response"))
  }
}
