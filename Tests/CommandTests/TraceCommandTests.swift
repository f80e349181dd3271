import Foundation
import Testing

/// Options of `pylon trace` that the reader does not see.
@Suite struct TraceCommandTests {
  private let prices = "datetime,price\n2025-01-01T00:00Z,0.1\n2025-01-01T01:00Z,0.2\n2025-01-01T02:00Z,0.1\n"

  @Test func theFiguresNameSaysItsFormat() throws {
    let workshop = try Workshop()
    try workshop.write("p.csv", prices)
    let odd = try workshop.run(["trace", "describe", "p.csv", "--kind", "price", "--svg", "x.gif"])
    #expect(odd.status == 2 && odd.out.isEmpty)
    #expect(odd.error.contains("--svg: found x.gif, expected a name that ends with .svg, .pdf or .png"))
    // Without the converter a PDF is refused, as by pylon plot.
    let bare = try workshop.shell("PATH=/nowhere \"$pylon\" trace describe p.csv --kind price --svg x.pdf")
    #expect(bare.status == 2 && bare.error.contains("PDF needs the program rsvg-convert, which is not on the PATH"))
    #expect(try !workshop.names().contains("x.pdf"))
  }

  @Test func aConverterWritesThePDF() throws {
    let workshop = try Workshop()
    try workshop.write("p.csv", prices)
    try workshop.write("rsvg-convert", "#!/bin/sh\n/bin/echo \"%PDF $1 $2\" > \"$4\"\n")
    let made = try workshop.shell(
      "chmod +x rsvg-convert; PATH=\"$PWD\" \"$pylon\" trace describe p.csv --kind price --svg x.pdf")
    #expect(made.status == 0, "\(made.error)")
    #expect(try workshop.read("x.pdf") == "%PDF -f pdf\n")
  }

  @Test func theFigureNamesNoCurrencyThatNobodySaid() throws {
    let workshop = try Workshop()
    try workshop.write("p.csv", prices)
    try workshop.write("e.csv", prices.replacing("price", with: "price (EUR/kWh)"))
    for (file, unit) in [("p.csv", "per kWh"), ("e.csv", "EUR/kWh")] {
      #expect(try workshop.run(["trace", "describe", file, "--kind", "price", "--svg", "x.svg"]).status == 0)
      let svg = try workshop.read("x.svg")
      #expect(svg.contains(unit) && !svg.contains("GBP"), "\(file)")
    }
  }

  @Test func anOutputIsNotTheInput() throws {
    let workshop = try Workshop()
    try workshop.write("p.svg", prices)
    for command in [
      ["describe", "p.svg", "--kind", "price", "--svg"], ["import", "p.svg", "--kind", "price", "--out"],
    ] {
      let outcome = try workshop.run(["trace"] + command + ["p.svg"])
      #expect(outcome.status == 2 && outcome.error.contains("which is the input file"))
    }
    #expect(try workshop.read("p.svg") == prices)
  }

  @Test func helpListsTheFormats() throws {
    let workshop = try Workshop()
    for command in [["trace"], ["trace", "import"], ["trace", "describe"]] {
      let help = try workshop.run(command + ["--help"]).out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for format in [
        "Electricity Maps", "WattTime", "NESO", "Elexon", "Octopus", "ENTSO-E", "Ember", "SMARD", "Carbon Aware SDK",
        "gridstatus", "energy-charts.info", "gzip",
      ] {
        #expect(help.contains(format), "\(format)")
      }
    }
  }

  @Test func aColumnOfTheForecastNeedsItsKind() throws {
    let workshop = try Workshop()
    try workshop.write("p.csv", prices)
    let outcome = try workshop.run(["trace", "describe", "p.csv", "--column", "forecast=x"])
    #expect(outcome.status == 2 && outcome.error.contains("--column forecast=: found --kind carbon"))
  }

  @Test func describeSaysTheBasis() throws {
    let workshop = try Workshop()
    try workshop.write(
      "m.csv",
      "Datetime (UTC),Zone Id,Carbon Intensity gCO₂eq/kWh (direct)\n2025-01-01T00:00Z,DE,1\n2025-01-01T01:00Z,DE,2\n")
    #expect(
      try workshop.run(["trace", "describe", "m.csv"]).out.contains(
        "note: values are direct intensities (basis: direct)"))
  }

  /// Keys that do nothing in a scenario are noted or refused too.
  @Test func keysWithoutEffectInAScenario() throws {
    let workshop = try Workshop()
    try workshop.change("s.yaml", "carbon: {file: carbon.csv}", "carbon: {file: carbon.csv, time_zone: Europe/Berlin}")
    let noted = try workshop.run(["validate", "s.yaml"])
    #expect(noted.status == 0 && noted.out.contains("carbon.csv: time_zone: Europe/Berlin has no effect"))
    try workshop.change("s.yaml", "time_zone: Europe/Berlin", "columns: {issued_at: x}")
    let refused = try workshop.run(["validate", "s.yaml"])
    #expect(refused.status == 2 && refused.error.contains("no issued_at, which only grid.forecast.columns has"))
  }
}
