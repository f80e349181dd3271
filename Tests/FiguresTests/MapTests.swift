import Domain
import Foundation
import FoundationXML
import Testing

@testable import Figures

@Suite struct MapTests {
  /// The fourteen cities of the preset gb-14.
  private static let cities: [(String, Double, Double)] = [
    ("Inverness", 57.4778, -4.2247), ("Glasgow", 55.8642, -4.2518),
    ("Manchester", 53.4808, -2.2426), ("Newcastle", 54.9783, -1.6178),
    ("Leeds", 53.8008, -1.5491), ("Wrexham", 53.0415, -2.9936), ("Cardiff", 51.4816, -3.1791),
    ("Birmingham", 52.4862, -1.8904), ("Nottingham", 52.9548, -1.1581), ("Cambridge", 52.2053, 0.1218),
    ("Bristol", 51.4545, -2.5879), ("Southampton", 50.9097, -1.4044), ("London", 51.5074, -0.1278),
    ("Reading", 51.4543, -0.9781),
  ]

  private func snapshot(
    _ cities: [(String, Double, Double)] = cities, running: Int = 0, completed: Int = 0, intensity: Double = 120
  ) -> MapSnapshot {
    let zones = cities.enumerated().map { index, city in
      ZoneStanding(
        zone: Zone(
          id: index + 1, code: "Z\(index)", name: city.0, region: "R",
          coordinates: Coordinates(latitude: city.1, longitude: city.2), capacity: .zero),
        scheduled: 0, running: running, suspended: 0, completed: completed, energy: Energy(10),
        emissions: Emissions(1500), intensity: CarbonIntensity(intensity))
    }
    return MapSnapshot(
      scenario: "s", policy: "standard", at: Instant(milliseconds: 1_578_268_800_000), zones: zones, pending: 0)
  }

  private func layout(_ snapshot: MapSnapshot, outline: Bool = false) -> MapLayout {
    let places = snapshot.zones.map(\.zone.coordinates)
    return MapLayout(snapshot, MapProjection(places, box: MapFigure.box, hasOutline: outline), ring: 7)
  }

  /// Well-formed, texts apart and on the canvas, the legend beside the map.
  private func checkSound(_ canvas: Canvas, texts: Bool = true) {
    let parser = XMLParser(data: Data(canvas.document.utf8))
    #expect(parser.parse() && parser.parserError == nil, "\(String(describing: parser.parserError))")
    #expect(!canvas.document.contains("nan") && !canvas.document.contains("<script"))
    for legend in canvas.legends { #expect(canvas.plots.allSatisfy { !$0.overlaps(legend) }) }
    guard texts else { return }
    for (place, written) in canvas.texts.enumerated() {
      #expect(written.box.x >= 0 && written.box.right <= canvas.width && written.box.bottom <= canvas.height)
      for other in canvas.texts[..<place] {
        #expect(written.box.overlap(other.box) < 1, "\"\(written.text)\" lies over \"\(other.text)\"")
      }
    }
  }

  @Test(arguments: [
    (0, 0, 8.0, "#3b82f6"), (1, 0, 11.5, "#10b981"), (0, 2, 13, "#f59e0b"), (3, 9, 20, "#10b981"),
  ])
  func markersAreThePlatforms(running: Int, completed: Int, radius: Double, color: String) {
    let standing = snapshot(running: running, completed: completed).zones[0]
    #expect(standing.radius == radius && standing.color == color)
  }

  /// No label over another, over a marker or off the canvas, and no marker over another: Cardiff and Bristol are 31 px
  /// apart, their markers with rings 54 px wide.
  @Test(arguments: [0, 1, 99, 4321, 99_999]) func nothingLiesOverAnything(running: Int) {
    for theme in Theme.all {
      let snapshot = snapshot(running: running)
      checkSound(MapFigure.drawn(snapshot, .britain, theme))
      let layout = layout(snapshot)
      for (index, label) in layout.labels.enumerated() {
        let others = layout.markers.map(\.box) + layout.labels[..<index].map(\.box)
        #expect(others.allSatisfy { label.box.overlap($0) < 0.1 }, "label of zone \(index + 1) with \(running) running")
      }
      for (index, marker) in layout.markers.enumerated() {
        for other in layout.markers[..<index] {
          let distance = hypot(marker.x - other.x, marker.y - other.y)
          #expect(distance >= marker.radius + other.radius, "\(marker.text) over \(other.text)")
        }
        // Nudged, not sent away.
        #expect(hypot(marker.x - layout.places[index].x, marker.y - layout.places[index].y) < 40)
      }
    }
  }

  @Test func circlesThatTouchNothingStay() {
    let box = Box(x: 0, y: 0, width: 500, height: 500)
    let spots = [Spot(x: 100, y: 100), Spot(x: 200, y: 100), Spot(x: 205, y: 104)]
    let places = MarkerLayout.apart(spots, radii: [20, 20, 20], within: box)
    #expect(places[0] == spots[0])
    #expect(hypot(places[1].x - places[2].x, places[1].y - places[2].y) >= 40 - 0.1)
    // Pushed alike, along the line between them.
    #expect(abs((places[1].x + places[2].x) / 2 - 202.5) < 0.1 && abs((places[1].y + places[2].y) / 2 - 102) < 0.1)
  }

  @Test(arguments: [2, 5, 30]) func zonesAtOnePlaceKeepApart(count: Int) {
    let snapshot = snapshot((0..<count).map { ("Zone \($0)", 51.5, -0.1) }, running: 5)
    let layout = layout(snapshot)
    for (index, marker) in layout.markers.enumerated() {
      for other in layout.markers[..<index] {
        #expect(hypot(marker.x - other.x, marker.y - other.y) >= marker.radius + other.radius - 0.1)
      }
    }
  }

  /// Beyond 100 zones names are left out, which the map says, and markers stand where their zones are, in linear time.
  @Test(arguments: [100, 101, 1600]) func manyZones(count: Int) {
    var generator = Dice(seed: 5)
    let many = (0..<count).map { place in
      ("Zone \(place)", Double.random(in: 50...59, using: &generator), Double.random(in: -5...1, using: &generator))
    }
    let snapshot = snapshot(many, running: 9)
    let layout = layout(snapshot)
    #expect(layout.labels.count == (count > 100 ? 0 : count) && layout.markers.count == count)
    #expect(Set(layout.drawingOrder).count == count)
    let canvas = MapFigure.drawn(snapshot, .britain, .dark)
    checkSound(canvas, texts: false)
    #expect(canvas.document.contains("zones left out") == (count > 100))
    #expect(canvas.document.contains(">Zone 7<") == (count == 100))
    // Titles name every zone still.
    #expect(canvas.document.contains("<title>Zone 99 ("))
    guard count > 100 else { return }
    for (place, marker) in zip(layout.places, layout.markers) {
      #expect(abs(place.x - marker.x) < 8 && abs(place.y - marker.y) < 8)
    }
    let zones = snapshot.zones.map(\.zone)
    let replay = ReplayMap(zones: zones, most: zones.map { _ in 9 }, highest: 300, isNarrow: false)
    #expect(replay.places.count == count && !replay.hasTexts)
  }

  @Test func hostileMapsAreSound() {
    let long = String(repeating: "long name ", count: 20)
    let hostile = [("<script>alert(1)</script>\u{0}", 51.5, 0.0), (long, 52.5, -1), ("Ünï 東京", 53, -2)]
    for theme in Theme.all {
      for intensity in [0, 399.9, 5000, -3] {
        var snapshot = snapshot(hostile, running: 3, intensity: intensity)
        snapshot.scenario = "<b>" + long
        checkSound(MapFigure.drawn(snapshot, .britain, theme))
      }
      checkSound(MapFigure.drawn(snapshot([("one", 10, 10)]), .britain, theme))
      checkSound(MapFigure.drawn(snapshot([("a", 10, 10), ("b", -80, 170), ("c", 89, -170)]), .britain, theme))
      var generator = Dice(seed: 3)
      let many = (0..<200).map { place in
        ("Zone \(place)", Double.random(in: 35...60, using: &generator), Double.random(in: -5...20, using: &generator))
      }
      // Two hundred names find no room beside each other; everything else holds.
      checkSound(MapFigure.drawn(snapshot(many, running: 9), .britain, theme), texts: false)
    }
  }

  @Test func multiplesAreSoundAndTheirAreasAreAsTheJobs() throws {
    for count in [1, 2, 3, 15, 30] {
      let snapshots = (0..<count).map { snapshot(running: $0 + 1) }
      let titles = (0..<count).map { "<policy-\($0)>" }
      for theme in Theme.all {
        checkSound(
          MapMultiples.drawn(snapshots, titles: titles, title: "<t>", subtitle: "s", .running, .britain, theme))
      }
    }
    let few = [snapshot(running: 4), snapshot(running: 16)]
    let svg = MapMultiples.policies(few, labels: ["a", "b"])
    // A quarter of the jobs, half the radius.
    #expect(svg.contains("r=\"8.5\"") && svg.contains("r=\"17\""))
    #expect(MapMultiples.fileName(policiesAt: few[0].at) == "maps-policies-20200106T000000Z.svg")
    #expect(MapMultiples.fileName("standard", dayOf: few[0].at) == "maps-standard-20200106.svg")
  }

  /// The ring of half the top ends at the bottom of the circle.
  @Test func theRingIsAsLongAsTheIntensity() {
    var snapshot = snapshot([("A", 54, -3)], running: 1, intensity: 200)
    #expect(MapScale([snapshot]).top == 400)
    let svg = MapFigure.svg(snapshot)
    let spot = layout(snapshot).markers[0]
    let (x, y, ring) = (spot.x, spot.y, 11.5 + 5)
    #expect(
      svg.contains(
        "M\(SVG.number(x)) \(SVG.number(y - ring))A16.5 16.5 0 0 1 \(SVG.number(x)) \(SVG.number(y + ring))"))
    snapshot.zones[0].intensity = CarbonIntensity(650)
    #expect(MapScale([snapshot]).top == 800)
  }

  @Test func outlinesOfOnesOwnAreFittedAndCut() {
    func square(_ low: Double, _ high: Double) -> [Coordinates] {
      [(low, low), (low, high), (high, high), (high, low)].map { Coordinates(latitude: $0.0, longitude: $0.1) }
    }
    let outline = Outline([
      Outline.Shape(points: square(-80, 80), isArea: true), Outline.Shape(points: square(10, 12), isArea: true),
      Outline.Shape(points: square(-70, -60), isArea: true), Outline.Shape(points: square(10.5, 11), isArea: false),
    ])
    let snapshot = snapshot([("A", 10.2, 10.2), ("B", 11.8, 11.8)], running: 2)
    checkSound(MapFigure.drawn(snapshot, outline, .light))
    let box = MapFigure.box
    let projection = MapProjection(snapshot.zones.map(\.zone.coordinates), box: box, hasOutline: true)
    #expect(!projection.isBritain)
    for standing in snapshot.zones {
      let spot = projection.point(standing.zone.coordinates)
      #expect(spot.x > box.x + 100 && spot.x < box.right - 100 && spot.y > box.y + 90 && spot.y < box.bottom - 90)
    }
    let paths = LandDrawing(projection: projection).paths(outline)
    // The square around everything is cut to the window, the near one is whole, the far one is gone.
    #expect(paths.areas.split(separator: "z").count == 2 && !paths.lines.isEmpty)
    let zonesInBritain = [Coordinates(latitude: 51, longitude: 0)]
    #expect(MapProjection(zonesInBritain, box: box).isBritain)
  }

  @Test func theOutlineIsGreatBritain() {
    let rings = Outline.britain.shapes.map(\.points)
    #expect(rings.reduce(0) { $0 + $1.count } <= 200)
    func isLand(_ latitude: Double, _ longitude: Double) -> Bool {
      rings.contains { ring in
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
    for (name, latitude, longitude) in MapTests.cities where !["Cardiff", "Southampton"].contains(name) {
      #expect(isLand(latitude, longitude), "\(name)")
    }
    for (latitude, longitude) in [(54.2, -4.5), (53.35, -6.26), (48.86, 2.35), (56, 1), (51.5, -5.8)] {
      #expect(!isLand(latitude, longitude))
    }
  }

  @Test func textsAreEscapedAndTheSameMapGivesTheSameBytes() {
    var snapshot = snapshot([("<A & \"B\">", 51.5, 0), ("Berlin", 52.5, 13.4)], running: 1)
    snapshot.scenario = "a < b"
    let svg = MapFigure.svg(snapshot)
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
