import Domain
import Foundation
import FoundationXML
import Testing

@testable import Figures

@Suite struct MapTests {
  /// The fourteen cities of the preset gb-14.
  private static let cities: [(String, Double, Double)] = [
    ("North Scotland", 57.4778, -4.2247), ("South Scotland", 55.8642, -4.2518),
    ("North West England", 53.4808, -2.2426), ("North East England", 54.9783, -1.6178),
    ("Yorkshire", 53.8008, -1.5491), ("North Wales", 53.0415, -2.9936), ("South Wales", 51.4816, -3.1791),
    ("West Midlands", 52.4862, -1.8904), ("East Midlands", 52.9548, -1.1581), ("East England", 52.2053, 0.1218),
    ("South West England", 51.4545, -2.5879), ("South England", 50.9097, -1.4044), ("London", 51.5074, -0.1278),
    ("South East England", 51.4543, -0.9781),
  ]

  private func snapshot(
    _ cities: [(String, Double, Double)] = cities, running: Int = 0, completed: Int = 0
  ) -> MapSnapshot {
    let zones = cities.enumerated().map { index, city in
      ZoneStanding(
        zone: Zone(
          id: index + 1, code: "Z\(index)", name: city.0, region: "R",
          coordinates: Coordinates(latitude: city.1, longitude: city.2), capacity: .zero),
        scheduled: 0, running: running, suspended: 0, completed: completed, energy: Energy(10),
        emissions: Emissions(1500), intensity: CarbonIntensity(120))
    }
    return MapSnapshot(
      scenario: "s", policy: "standard", at: Instant(milliseconds: 1_578_268_800_000), zones: zones, pending: 0)
  }

  @Test(arguments: [
    (0, 0, 8.0, "#3b82f6"), (1, 0, 11.5, "#10b981"), (0, 2, 13, "#f59e0b"), (3, 9, 20, "#10b981"),
  ])
  func markersAreThePlatforms(running: Int, completed: Int, radius: Double, color: String) {
    let standing = snapshot(running: running, completed: completed).zones[0]
    #expect(standing.radius == radius && standing.color == color)
  }

  /// No label over another, over a marker, over the legend, or off the canvas.
  @Test(arguments: [0, 1, 99, 99_999]) func labelsLieOverNothing(running: Int) {
    let snapshot = snapshot(running: running)
    let (markers, labels) = MapFigure.layout(snapshot, MapProjection(snapshot.zones.map(\.zone.coordinates)))
    #expect(labels.count == 14)
    let legend = Box(x: 586, y: 20, width: 254, height: 168)
    for (index, label) in labels.enumerated() {
      let others = markers.map(\.box) + labels[..<index].map(\.box) + [legend]
      #expect(others.allSatisfy { label.box.overlap($0) < 0.1 }, "label of zone \(index + 1) with \(running) running")
      #expect(label.box.x > 0 && label.box.x + label.box.width < MapProjection.width)
    }
  }

  @Test func labelsOfZonesAtOnePlaceKeepApart() {
    let snapshot = snapshot([("A", 51.5, 0), ("B", 51.5, 0)], running: 5)
    let (_, labels) = MapFigure.layout(snapshot, MapProjection(snapshot.zones.map(\.zone.coordinates)))
    #expect(!labels[0].box.overlaps(labels[1].box))
  }

  @Test func theOutlineIsGreatBritain() {
    #expect(Outline.rings.reduce(0) { $0 + $1.count } <= 200)
    func isLand(_ latitude: Double, _ longitude: Double) -> Bool {
      Outline.rings.contains { ring in
        var inside = false
        for (a, b) in zip(ring, ring.dropFirst() + ring.prefix(1))
        where (a.latitude > latitude) != (b.latitude > latitude) {
          let cut = a.longitude + (latitude - a.latitude) / (b.latitude - a.latitude) * (b.longitude - a.longitude)
          if cut > longitude { inside.toggle() }
        }
        return inside
      }
    }
    // Coastal cities may lie outside a coast of so few points; these do not.
    for (name, latitude, longitude) in MapTests.cities where !["South Wales", "South England"].contains(name) {
      #expect(isLand(latitude, longitude), "\(name)")
    }
    for (latitude, longitude) in [(54.2, -4.5), (53.35, -6.26), (48.86, 2.35), (56, 1), (51.5, -5.8)] {
      #expect(!isLand(latitude, longitude))
    }
  }

  @Test func textsAreEscapedAndTheDocumentIsWellFormed() {
    var snapshot = snapshot([("<A & \"B\">", 51.5, 0), ("Berlin", 52.5, 13.4)], running: 1)
    snapshot.scenario = "a < b"
    let svg = MapFigure.svg(snapshot)
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(svg.contains("&lt;A &amp; &quot;B&quot;&gt; (Z0): 0 scheduled, 1 running"))
    #expect(svg.contains("average carbon 150 gCO2/kWh; now 120 gCO2/kWh"))
    #expect(MapFigure.svg(snapshot) == svg)
  }

  @Test func fileNames() {
    var snapshot = snapshot()
    #expect(MapFigure.fileName(snapshot) == "map-standard-20200106T000000Z.svg")
    snapshot.at.milliseconds += 7
    snapshot.replication = 3
    #expect(MapFigure.fileName(snapshot) == "map-standard-20200106T000000.007Z-r3.svg")
  }
}
