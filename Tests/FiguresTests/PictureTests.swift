import Domain
import Foundation
import Metrics
import Testing

@testable import Figures

/// Geometry and units that somebody who looks at a picture relies on.
@Suite struct PictureTests {
  private func data(_ labels: [String], carbon: Double = 500, sla: [Double]? = nil) -> ChartData {
    var data = MadeUp.data(["A", "B"], policies: labels, replications: 1) { Double($0 % 7) + 1 }
    for place in labels.indices {
      data.policies[place].figures["carbon_kg"] = [carbon * Double(place + 1)]
      data.policies[place].figures["carbon_savings_pct"] = [-3.5 + 9 * Double(place)]
      data.policies[place].figures["sla_met_pct"] = [sla?[place] ?? 100 - 4 * Double(place)]
    }
    data.requirements = [Requirement(metric: "sla_met_pct", least: 95)]
    return data
  }

  private static let labels = ["standard", "greenest-within-window", "greedy-lowest-carbon", "operator-manual"]

  /// Names, the names at the ends of lines and the label of the scale are whole in a figure for a column of a journal.
  @Test(arguments: [12.0, 14]) func narrowFiguresCutNoName(fontSize: Double) throws {
    let data = data(PictureTests.labels)
    for (name, wanted) in [
      (.savings, Array(PictureTests.labels.dropFirst())), (.carbonByType, PictureTests.labels),
      (.emissions, PictureTests.labels), (.pareto, ["deadlines met (number at the point)"]),
    ] as [(ChartName, [String])] {
      for hasTitle in [true, false] {
        var figure = try #require(ChartCatalog.figure(name, data))
        (figure.width, figure.fontSize, figure.hasTitle) = (480, fontSize, hasTitle)
        checkSound(figure)
        let texts = figure.drawn(.light).texts.map(\.text)
        for text in wanted { #expect(texts.contains { $0.hasPrefix(text) }, "\(name): \(text)") }
        #expect(!texts.contains { $0.hasSuffix("…") }, "\(name): \(texts.filter { $0.hasSuffix("…") })")
      }
    }
  }

  /// Numbers stand beside the panels, off every mark, and their room is not part of the axes.
  @Test func savingsKeepTheirNumbersApart() throws {
    var data = data(PictureTests.labels)
    let figure = try #require(ChartCatalog.figure(.savings, data))
    for panel in figure.panels {
      #expect(!panel.marks.contains { if case .text = $0 { true } else { false } })
      #expect(panel.marks.filter { if case .beside = $0 { true } else { false } }.count == 3)
    }
    #expect(figure.panels[2].x.scale == .covering([0, 100]))
    #expect(figure.panels[0].x.scale == SavingsChart.scale([5.5, 23.5]))
    #expect(SavingsChart.scale([-10, 15]) == .linear(-11...16, isRounded: false))
    let canvas = figure.drawn(.light)
    let numbers = canvas.texts.filter { $0.text == "14.5" || $0.text == "88.0" }
    #expect(!numbers.isEmpty && numbers.allSatisfy { number in canvas.plots.allSatisfy { !$0.overlaps(number.box) } })
    for place in data.policies.indices {
      for (metric, values) in [("carbon_savings_pct", [-140.0, 138]), ("sla_met_pct", [5, 95])] {
        data.policies[place].figures[metric] = values.map { $0 + Double(place) }
      }
    }
    for width in [480.0, 960] {
      var wide = try #require(ChartCatalog.figure(.savings, data))
      (wide.width, wide.fontSize) = (width, 14)
      checkSound(wide)
    }
  }

  /// Half widths have two significant digits, and means as many decimals; equal costs have an axis around 0.
  @Test func savingsAreRoundedAsTheirIntervals() throws {
    // Student's t(2, 0.975) = 4.302653: a half width is 2.484 times the standard deviation of three values.
    func text(_ spread: Double) -> String {
      SavingsChart.text(MeanEstimate([-2.345 - spread, -2.345, -2.345 + spread], confidence: 0.95))
    }
    #expect(text(0.0125) == "−2.345 ± 0.031" && text(0.9) == "−2.3 ± 2.2" && text(5) == "−2 ± 12")
    #expect(text(0.40) == "−2.35 ± 0.99" || text(0.40) == "−2.34 ± 0.99")
    #expect(SavingsChart.text(MeanEstimate([0.03], confidence: 0.95)) == "0.03")
    #expect(SavingsChart.text(MeanEstimate([1e-14, -1e-14, 0], confidence: 0.95)) == "0")
    var data = data(PictureTests.labels)
    for place in data.policies.indices { data.policies[place].figures["cost_savings_pct"] = [1e-14 * Double(place)] }
    let figure = try #require(ChartCatalog.figure(.savings, data))
    #expect(figure.panels[1].x.scale == .linear(-1...1))
  }

  /// Policies at one point share a marker and a name; colours span what is shown; several replications have bars.
  @Test func policiesAtOnePointAreNamedTogether() throws {
    var data = data(["standard", "a", "b", "c"], sla: [97, 99, 99, 100])
    for metric in ["carbon_kg", "cost_gbp"] { data.policies[2].figures[metric] = data.policies[1].figures[metric] }
    let figure = try #require(ChartCatalog.figure(.pareto, data))
    var dots: [Mark.Dot] = []
    for case .dots(let found) in figure.panels[0].marks { dots += found }
    #expect(dots.count == 3 && dots[1].label == "a = b · 99.0 %", "\(dots.map(\.label))")
    #expect(figure.ramp?.low == "97.0 %" && figure.ramp?.high == "100.0 %" && dots[0].ink == .ramp(0))
    #expect(figure.title.hasSuffix("emissions, cost and deadlines"))
    checkSound(figure)
    for place in data.policies.indices {
      data.policies[place].figures["sla_met_pct"] = [nil]
      data.policies[place].figures["carbon_kg"] = [100, 110, 120].map { $0 + 50 * Double(place) }
    }
    data.replications = 3
    let several = try #require(ChartCatalog.figure(.pareto, data))
    var bars: [Mark.Interval] = []
    for case .intervals(let found, _) in several.panels[0].marks { bars += found }
    #expect(bars.count == 4 && abs(bars[0].to.y - bars[0].from.y - 2 * 4.302653 * 10 / 3.0.squareRoot()) < 1e-3)
    #expect(several.title.hasSuffix("emissions and cost") && several.ramp == nil)
    #expect(several.note.contains("95 % intervals"))
  }

  /// Labels at the ends of two axes side by side do not touch, and numbers of jobs have whole ticks.
  @Test func neighbouringAxesKeepTheirLabelsApart() throws {
    for scale in [Scale.linear(-20...100), .time(1.5783552e12...1.57896e12), .counts(3)] {
      let panels = (0..<4).map { Panel(title: "\($0)", x: Axis("x", scale), y: Axis("y", .linear(0...1)), marks: []) }
      for width in [480.0, 960] {
        let figure = Figure(title: "t", panels: panels, columns: 4, width: width)
        let texts = figure.drawn(.light).texts
        for (index, text) in texts.enumerated() {
          for other in texts[..<index] where abs(other.box.y - text.box.y) < 1 {
            #expect(!other.box.overlaps(text.box.grown(by: 7)), "\(other.text)|\(text.text)")
          }
        }
      }
    }
    for highest in [0.0, 1, 2, 3, 7, 1234] {
      let scale = PlacedScale(.counts(highest), from: 0, to: 360, isHorizontal: false)
      #expect(scale.ticks.allSatisfy { $0.value == $0.value.rounded() } && scale.ticks.count > 1)
      #expect(highest != 3 || scale.ticks.map(\.label) == ["0", "1", "2", "3"])
    }
  }

  /// Emissions are in the unit that tables have, and the numbers fit it: 0.1 kg and 10 t are the bounds.
  @Test(arguments: [(0.01, "gCO₂", 1000.0), (500, "kgCO₂", 1), (9000, "tCO₂", 0.001)])
  func unitsAreChosenForPeople(carbon: Double, unit: String, factor: Double) throws {
    let data = data(["standard", "other"], carbon: carbon)
    let pareto = try #require(ChartCatalog.figure(.pareto, data))
    #expect(pareto.panels[0].y.unit == unit)
    for case .dots(let dots) in pareto.panels[0].marks {
      #expect(dots.map { Float($0.at.y) } == [carbon, 2 * carbon].map { Float($0 * factor) })
    }
    let sweep = SweepData(
      scenario: "s", keys: ["x"], points: [["1"], ["2"]], policies: ["p"],
      values: ["carbon_kg": [[[carbon]], [[2 * carbon]]]])
    let response = try #require(SweepChart.figures(sweep).first?.figure)
    #expect(response.panels[0].y.unit == unit)
    #expect(Float(sweep.readable.data.values["carbon_kg"]?[1][0][0] ?? 0) == Float(2 * carbon * factor))
  }

  /// Marks of several series at one place stand side by side, around the place, and nearer to it than to the next one.
  @Test(arguments: [2, 5, 15], [8.0, 40, 300]) func dodgedMarksKeepApart(count: Int, gap: Double) {
    let positions = [100, 100 + gap, 100 + 3 * gap]
    let offsets = (0..<count).map { Mark.Dodge(series: $0, of: count, at: []).offset(positions) }
    #expect(Set(offsets.map { Float($0) }).count == count && offsets == offsets.sorted())
    #expect(abs(offsets.reduce(0, +)) < 1e-9)
    #expect(offsets.allSatisfy { abs($0) <= 0.3 * gap + 1e-9 })
    #expect(Mark.Dodge(series: 0, of: 1, at: []).offset(positions) == 0)
  }

  /// The whiskers of a sweep with four policies are drawn at four positions per point, all within the plot.
  @Test(arguments: [480.0, 960], [["5", "10", "20"], ["1", "10", "1000"], ["a", "b", "c"]])
  func whiskersOfASweepDoNotCover(width: Double, levels: [String]) throws {
    let table = levels.indices.map { _ in (0..<4).map { [Double($0), Double($0) + 2] } }
    let data = SweepData(
      scenario: "s", keys: ["x"], points: levels.map { [$0] }, policies: ["standard", "a", "b", "c"],
      values: ["carbon_savings_pct": table])
    var figure = try #require(SweepChart.figures(data).first?.figure)
    figure.width = width
    checkSound(figure)
    let canvas = figure.drawn(.light)
    // Intervals are the paths that go straight down first, three strokes each.
    var stems: [Double] = []
    for match in canvas.document.matches(of: /d="(M[^"hl]*L[^"hl]*)" stroke="#[0-9a-f]*" stroke-width="1.6"/) {
      for stroke in String(match.1).split(separator: "M") {
        let ends: [Substring] = stroke.split { $0 == " " || $0 == "L" }
        if ends.count == 4, ends[0] == ends[2], let x = Double(ends[0]) { stems.append(x) }
      }
    }
    #expect(stems.count == 12 && Set(stems).count == 12)
    let plot = try #require(canvas.plots.first)
    #expect(stems.allSatisfy { $0 - 4 >= plot.x && $0 + 4 <= plot.right })
  }

  /// Of two figures side by side each has the axes of both.
  @Test func axesAreShared() throws {
    var small = try #require(ChartCatalog.figure(.pareto, data(["standard", "other"], carbon: 500)))
    var large = try #require(ChartCatalog.figure(.pareto, data(["standard", "other"], carbon: 2000)))
    let before = small
    small.shareAxes(with: large)
    large.shareAxes(with: before)
    guard case .linear(let range, _) = small.panels[0].y.scale else { Issue.record("not linear"); return }
    #expect(range == 500...4000 && large.panels[0].y.scale == small.panels[0].y.scale)
    var other = before
    other.shareAxes(with: try #require(ChartCatalog.figure(.savings, data(["standard", "other"]))))
    #expect(other.panels[0].y.scale == before.panels[0].y.scale)
  }

  /// Every marker of the fourteen regions stands in the area of its own region: Reading, which belongs to South East
  /// England, lies in the area of South England.
  @Test(arguments: [15.0, 6]) func markersStandInTheirRegions(largest: Double) throws {
    let shapes = Geometry.britain.shapes
    let places = ReplayMapTests.places
    let reading = try #require(places.firstIndex { $0.0 == "Reading" })
    let zones = places.enumerated().map { index, place -> Zone in
      let coordinates = Coordinates(latitude: place.1, longitude: place.2)
      let own = Geometry.britain.shape(at: coordinates).map { shapes[$0].name } ?? ""
      return Zone(
        id: index + 1, code: "Z\(index)", name: place.0, region: index == reading ? "South East England" : own,
        coordinates: coordinates, capacity: .zero)
    }
    let coordinates = zones.map(\.coordinates)
    let projection = MapProjection(coordinates, box: MapFigure.box(coordinates, .builtIn))
    let spots = MapGround(zones, .builtIn, projection).spots(zones, largest: largest)
    let arcs = Geometry.britain.arcs.map { $0.map(projection.point) }
    for (zone, spot) in zip(zones, spots) {
      let own = projection.point(zone.coordinates)
      #expect((spot == own) == (zone.name != "Reading"))
      let region = try #require(shapes.first { $0.name == zone.region })
      #expect(contains(region.rings.map { Geometry.joined($0, arcs) }, spot), "\(zone.name)")
      // Not far away: the region is about 100 km wide.
      #expect(spot.distance(to: own) < 1.2 * projection.scale)
      for other in spots where other != spot { #expect(other.distance(to: spot) > 0.9 * largest) }
    }
  }

  /// The rule of even and odd crossings, in pixels.
  private func contains(_ rings: [[Spot]], _ spot: Spot) -> Bool {
    var crossings = 0
    for ring in rings {
      guard var last = ring.last else { continue }
      for next in ring {
        if (last.y > spot.y) != (next.y > spot.y) {
          let share: Double = (spot.y - last.y) / (next.y - last.y)
          if last.x + share * (next.x - last.x) > spot.x { crossings += 1 }
        }
        last = next
      }
    }
    return crossings % 2 == 1
  }
}
