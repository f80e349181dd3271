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

  /// A number beside a marker begins beyond the marker's edge (radius 4.5, stroke 2), and beside an interval stays off
  /// the names of the policies.
  @Test func savingsKeepTheirNumbersApart() throws {
    var data = data(PictureTests.labels)
    let figure = try #require(ChartCatalog.figure(.savings, data))
    for panel in figure.panels {
      for case .text(_, _, _, _, let gap) in panel.marks { #expect(gap > 5.5) }
    }
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
