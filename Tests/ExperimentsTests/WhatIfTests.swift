import Foundation
import Runs
import Studies
import Testing

@Suite struct WhatIfTests {
  private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// Two zones on constant grids; jobs have homes, half of them in NORTH.
  private func scenario(_ rest: String = "") throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}"
    let text = """
      name: question
      seed: 7
      clock: {start: 2020-01-08T00:00:00Z, duration: 5d}
      zones:
        - {code: NORTH, \(zone), pue: 1.2}
        - {code: SOUTH, \(zone), pue: 1.5}
      grid: {carbon: {constant: 150}, price: {constant: 0.2}}
      workload: {preset: pylon, rate: 3}
      policies: [standard]
      replications: 5
      \(rest)
      """
    try text.write(toFile: folder + "/question.yaml", atomically: true, encoding: .utf8)
    return folder + "/question.yaml"
  }

  private func rows(_ csv: String) -> [[String]] {
    csv.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Jobs that wait for a cleaner hour after the clock are marked, as in a run's table.
  @Test func workThatIsPushedOutIsMarked() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario("")
    let text = try String(contentsOfFile: path, encoding: .utf8)
      .replacing("carbon: {constant: 150}", with: "forecast: {model: perfect}, carbon: {file: c.csv, extend: hold}")
      .replacing("policies: [standard]", with: "policies: [standard, lowest-window: {wait: {short: 1m, long: 1m}}]")
      .replacing("replications: 5", with: "replications: 1")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let trace = (8..<15).map { "2020-01-\($0 < 10 ? "0" : "")\($0)T00:00Z,\(400 - 20 * $0),\(400 - 20 * $0)\n" }
    try ("datetime,NORTH,SOUTH\n" + trace.joined()).write(
      toFile: folder + "/c.csv", atomically: true, encoding: .utf8)
    let wait = (key: "policies.lowest-window.wait", value: "{short: 2d, long: 2d}")
    let report = try WhatIf(path: path, overrides: [wait]).run()
    for text in [report.written(as: .text), report.written(as: .markdown)] {
      #expect(text.contains("lowest-window †"), "\(text)")
      let meaning = "than under standard: lowest-window in the variant"
      #expect(text.components(separatedBy: meaning).count == 2, "\(text)")
    }
    #expect(!report.written(as: .csv).contains("†"))
  }

  /// Under `standard` with room enough everything is proportional to the PUE: emissions of jobs at home in NORTH rise
  /// by a quarter where its PUE does, and nothing else moves.
  @Test func aHigherPUEChangesWhatItMust() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario()
    let question = try WhatIf(path: path, overrides: [("zones.NORTH.pue", "1.5")], metrics: ["all"])
    let rows = rows(try question.run(threads: 2).written(as: .csv))
    func row(_ zone: String, _ metric: String) throws -> [String] {
      try #require(rows.first { $0[2] == zone && $0[3] == metric })
    }
    let north = try row("NORTH", "energy_kwh")
    let total = try row("", "energy_kwh")
    let base = try #require(Double(north[4]))
    let variant = try #require(Double(north[5]))
    #expect(base > 0 && abs(variant / base - 1.25) < 1e-12)
    let difference = try #require(Double(total[7]))
    #expect(abs(difference - (variant - base)) < 1e-6 && total[6] == "5" && total[9] == "worse")
    #expect(try row("SOUTH", "energy_kwh").suffix(3) == ["0", "", "same"])
    #expect(try row("NORTH", "jobs_started").suffix(3) == ["0", "", "same"])
    #expect(try row("", "wait_mean_s").suffix(1) == ["same"])
    let text = try question.run().written(as: .text)
    #expect(text.contains("variant zones.NORTH.pue=1.5") && text.contains("5 replications"))
    #expect(text.contains("NORTH") && text.contains("gained") && !text.contains("SOUTH") && !text.contains("note:"))
  }

  /// Variants of a file, each by its name; one that draws other jobs is said to.
  @Test func namedVariantsComeFromAFile() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario()
    let file = folder + "/variants.yaml"
    try """
    variants:
      small: {zones.NORTH.capacity: {cpu_cores: 8, memory_gb: 32, gpus: 1}}
      more:
        workload: {preset: pylon, rate: 4}
        replications: 2
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let report = try WhatIf(path: path, overrides: [], variantFile: file, metrics: ["jobs_submitted"]).run()
    let rows = rows(report.written(as: .csv))
    let submitted = rows.filter { $0[3] == "jobs_submitted" }
    #expect(submitted.map { $0[0] } == ["small", "more"])
    #expect(submitted.map { $0[6] } == ["5", "5"] && submitted.map { $0[9] } == ["same", "higher"])
    #expect(report.written(as: .markdown).components(separatedBy: "has different jobs").count == 2)
  }

  @Test func faultsOfEveryVariantAreToldAtOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario()
    let file = folder + "/variants.yaml"
    try "variants: {a: {zones.NORTH.pue: 0.5}, b: {grid.forcast.model: noisy}}"
      .write(toFile: file, atomically: true, encoding: .utf8)
    #expect {
      try WhatIf(path: path, overrides: [], variantFile: file)
    } throws: {
      let text = "\($0)"
      return text.contains(
        "\(file):1: a: zones[0].pue: found 0.5, expected a number from 1 to 1,000,000")
        && text.contains("\n\(file):1: b: grid.forcast: found an unknown key") && !text.contains("override")
    }
    try "variants: {a: 3}".write(toFile: file, atomically: true, encoding: .utf8)
    #expect { try WhatIf(path: path, overrides: [], variantFile: file) } throws: {
      "\($0)" == "\(file):1: variants.a: found 3, expected a mapping of dotted keys to values, such as "
        + "{grid.forecast.model: noisy}"
    }
    #expect { try WhatIf(path: path, overrides: []) } throws: { "\($0)".contains("found no variant") }
  }

  /// Mistakes of variants name the variant, its file and line; those of `--set` the option, once.
  @Test func mistakesNameTheirVariant() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario()
    let file = folder + "/v.yaml"
    let text = """
      variants:
        fine: {zones.NORTH.pue: 1.5}
        dear:
          grid.price.synthetic: gb-14
        lost:
          grid.carbon: {synthetic: gb-14}
      """
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    #expect { try WhatIf(path: path, overrides: [], variantFile: file) } throws: {
      "\($0)" == "\(file):4: dear: grid.price.synthetic: found synthetic beside constant, expected it in place of "
        + "constant: grid.price={synthetic: gb-14}"
    }
    try text.replacing("price.synthetic: gb-14", with: "price: {constant: 0.3}")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let question = try WhatIf(path: path, overrides: [], variantFile: file)
    #expect { try question.run(threads: 1) } throws: {
      "\($0)".split(separator: "\n").allSatisfy { $0.hasPrefix("\(file):5: lost: zones: ") }
    }
    // Remarks, one of which may be the cause, go with the failure of a run.
    let week = "{outage: {zone: NORTH, from: Fri 12:00, until: Fri 11:00}}"
    let lost = try OpenScenario(
      path: path, overrides: [("events.+", week), ("grid.carbon", "{file: none.csv}")], policies: [], seed: nil)
    #expect { try lost.run(into: folder + "/out", figures: folder + "/out") } throws: {
      "\($0)".contains("none.csv") && "\($0)".contains("\nnote: events[0].outage.until: the next Fri 11:00 is")
    }
    let event = "{price: {from: 0h, factor: +20%}}"
    #expect { try WhatIf(path: path, overrides: [("events.+", event)]) } throws: {
      "\($0)".hasPrefix("--set events.+=\(event): events[0].price.factor: found +20%, expected a factor")
        && "\($0)".hasSuffix("did you mean 120%?")
    }
    #expect { try WhatIf(path: path, overrides: [("events", "{outage: {zone: NORTH, from: 1h}}")]) } throws: {
      "\($0)".contains("to add to it, write events.+: {outage: {zone: NORTH, from: 1h}}")
    }
  }

  /// An outage of NORTH over the whole clock, in a variant of the base's events or of its own, sends the work elsewhere
  /// on the same jobs; a surge has jobs of its own, and that is told.
  @Test func eventsAreVariants() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outage = "outage: {zone: NORTH, from: 0h, duration: 5d}"
    let path = try scenario("events: [{\(outage.replacing("5d", with: "1m"))}]")
    let policies = ("policies", "[greedy-lowest-carbon]")
    let longer = try WhatIf(
      path: path, common: [policies], overrides: [("events.outage.duration", "30d")], metrics: ["jobs_completed"])
    for change in try longer.run(threads: 2).written(as: .csv).split(separator: "\n")
    where change.contains("greedy-lowest-carbon,NORTH,jobs_started") {
      let cells = change.split(separator: ",", omittingEmptySubsequences: false)
      #expect((Double(cells[4]) ?? 0) > 50 && Double(cells[5]) == 0, "\(change)")
    }
    let text = try longer.run(threads: 1).written(as: .text)
    #expect(text.contains("lost") && text.contains("gained") && !text.contains("different jobs"))
    let surge = try WhatIf(
      path: path, overrides: [("events", "[{surge: {from: 1d, duration: 1d, factor: 4}}]")], metrics: ["jobs_submitted"]
    )
    #expect(try surge.run(threads: 2).written(as: .text).contains("the variant has different jobs"))
  }
}
