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

  private func layout(_ snapshot: MapSnapshot) -> MapLayout {
    let places = snapshot.zones.map(\.zone.coordinates)
    let projection = MapProjection(places, box: MapFigure.box(places, .builtIn))
    let zones = snapshot.zones.map(\.zone)
    return MapLayout(zones, MapGround(zones, .builtIn, projection), projection, MapScale([snapshot]))
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

  /// No label over another, over a marker or off the canvas, and no marker over another: Cardiff and Bristol are 25 px
  /// apart, the largest markers 38 px wide.
  @Test(arguments: [0, 1, 99, 4321, 99_999]) func nothingLiesOverAnything(running: Int) {
    for theme in Theme.all {
      let snapshot = snapshot(running: running)
      checkSound(MapFigure.drawn(snapshot, .builtIn, theme))
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

  /// A label stands on its own region or off the coast: at most a tenth of it reaches into other regions.
  @Test(arguments: [0, 50]) func labelsStandOnTheirOwnRegions(running: Int) throws {
    let snapshot = snapshot(running: running, intensity: 232)
    let (zones, places) = (snapshot.zones.map(\.zone), snapshot.zones.map(\.zone.coordinates))
    let projection = MapProjection(places, box: MapFigure.box(places, .builtIn))
    let foreign = try #require(MapGround(zones, .builtIn, projection).foreignArea(zones))
    for (index, label) in layout(snapshot).labels.enumerated() {
      let share = foreign(index, label.box) / (label.box.width * label.box.height)
      #expect(share < 0.1, "\(zones[index].name): \(share)")
    }
    // The raster knows the regions: Inverness is in North Scotland.
    let inverness = projection.point(places[0])
    let around = Box(x: inverness.x - 8, y: inverness.y - 8, width: 16, height: 16)
    #expect(foreign(0, around) == 0 && foreign(1, around) >= 256)
    #expect(MapFigure.svg(snapshot).contains(">232 g/kWh</text>"))
  }

  /// Small maps have a number at each zone, a ring around each marker, and a key; they say which replication they show.
  @Test func smallMapsHaveNumbersAndAKey() {
    var shown = [snapshot(running: 5), snapshot(running: 0)]
    for place in shown.indices { (shown[place].replication, shown[place].replications) = (1, 5) }
    let svg = MapMultiples.policies(shown, labels: ["a", "b"])
    #expect(svg.contains(">7 Cardiff</text>") && svg.contains("<g id=\"numbers\""))
    #expect(svg.components(separatedBy: "<use href=\"#numbers\"").count == 3)
    #expect(svg.components(separatedBy: "stroke=\"#ffffff\" stroke-width=\"1.8\"").count == 3)
    #expect(svg.contains("· replication 1 of 5</text>") && MapFigure.svg(shown[0]).contains("· replication 1 of 5<"))
    shown[0].replications = nil
    #expect(MapFigure.svg(shown[0]).contains("· replication 1<") && !MapFigure.svg(snapshot()).contains("replication"))
    // A scale that holds other maps too.
    let scale = MapScale([snapshot(intensity: 300)], highest: 512, running: 40)
    #expect(scale.top == 600 && scale.most == 40)
    #expect(MapMultiples.day(shown, scale: scale).contains(">600 gCO₂/kWh</text>"))
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
    #expect(Set(layout.drawingOrder(snapshot.zones)).count == count)
    let canvas = MapFigure.drawn(snapshot, .builtIn, .dark)
    checkSound(canvas, texts: false)
    #expect(canvas.document.contains("zones left out") == (count > 100))
    #expect(canvas.document.contains(">Zone 7<") == (count == 100))
    // Titles name every zone still.
    #expect(canvas.document.contains("<title>Zone 99 ("))
    // No text that nobody could read.
    for size in canvas.document.components(separatedBy: "font-size=\"").dropFirst() {
      #expect(Double(size.prefix { $0 != "\"" }) ?? 0 >= 8)
    }
    guard count > 100 else { return }
    for (place, marker) in zip(layout.places, layout.markers) {
      #expect(abs(place.x - marker.x) < 8 && abs(place.y - marker.y) < 8)
    }
    let zones = snapshot.zones.map(\.zone)
    let replay = ReplayMap(zones: zones, running: 9, highest: 300, isNarrow: false)
    #expect(replay.places.count == count && !replay.hasTexts)
  }

  @Test func hostileMapsAreSound() {
    let long = String(repeating: "long name ", count: 20)
    let hostile = [("<script>alert(1)</script>\u{0}", 51.5, 0.0), (long, 52.5, -1), ("Ünï 東京", 53, -2)]
    for theme in Theme.all {
      for intensity in [0, 399.9, 5000, -3] {
        var snapshot = snapshot(hostile, running: 3, intensity: intensity)
        snapshot.scenario = "<b>" + long
        checkSound(MapFigure.drawn(snapshot, .builtIn, theme))
      }
      checkSound(MapFigure.drawn(snapshot([("one", 10, 10)]), .builtIn, theme))
      checkSound(MapFigure.drawn(snapshot([("a", 10, 10), ("b", -80, 170), ("c", 89, -170)]), .builtIn, theme))
      var generator = Dice(seed: 3)
      let many = (0..<200).map { place in
        ("Zone \(place)", Double.random(in: 35...60, using: &generator), Double.random(in: -5...20, using: &generator))
      }
      // Two hundred names find no room beside each other; everything else holds.
      checkSound(MapFigure.drawn(snapshot(many, running: 9), .builtIn, theme), texts: false)
    }
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
    let box = MapFigure.box(snapshot.zones.map(\.zone.coordinates), outline)
    let projection = MapProjection(snapshot.zones.map(\.zone.coordinates), box: box, hasOutline: true)
    #expect(!projection.isBritain)
    for standing in snapshot.zones {
      let spot = projection.point(standing.zone.coordinates)
      #expect(spot.x > box.x + 80 && spot.x < box.right - 80 && spot.y > box.y + 50 && spot.y < box.bottom - 50)
    }
    let paths = LandDrawing(projection: projection).paths(outline)
    // The square around everything is cut to the window, the near one is whole, the far one is gone.
    #expect(paths.areas.split(separator: "z").count == 2 && !paths.lines.isEmpty)
    let zonesInBritain = [Coordinates(latitude: 51, longitude: 0)]
    #expect(MapProjection(zonesInBritain, box: box).isBritain)
  }

  @Test func textsAreEscapedAndTheSameMapGivesTheSameBytes() {
    var snapshot = snapshot([("<A & \"B\">", 51.5, 0), ("Berlin", 52.5, 13.4)], running: 1)
    snapshot.scenario = "a < b"
    let svg = MapFigure.svg(snapshot)
    #expect(svg.contains("&lt;A &amp; &quot;B&quot;&gt; (Z0): 120 gCO₂/kWh; 1 job running, 0 scheduled"))
    #expect(svg.contains("10 kWh so far, on average 150 gCO₂/kWh"))
    #expect(MapFigure.svg(snapshot) == svg)
  }

  @Test func fileNames() {
    var snapshot = snapshot()
    #expect(MapFigure.fileName(snapshot) == "map-standard-20200106T000000Z.svg")
    snapshot.at.milliseconds += 7
    snapshot.replication = 3
    #expect(MapFigure.fileName(snapshot) == "map-standard-20200106T000000.007Z-r3.svg")
  }

  /// The halo is a text of its own below the label, as several renderers do not know `paint-order`.
  @Test func halosAreTextsBelowTheirLabels() throws {
    let lines = MapFigure.svg(snapshot(running: 3)).components(separatedBy: "\n")
    let halos = lines.indices.filter { lines[$0].contains(" aria-hidden=\"true\">") && lines[$0].hasPrefix("<text") }
    #expect(halos.count >= 14 && !lines.contains { $0.contains("paint-order") })
    for line in halos {
      let (halo, label) = (lines[line], lines[line + 1])
      #expect(halo.contains(" stroke=\"#ffffff\" stroke-width=\"3\"") && !label.contains("stroke"))
      let place = try #require(halo.firstMatch(of: /<text x="[0-9.-]+" y="[0-9.-]+" font-size="[0-9.]+"/)).output
      #expect(label.hasPrefix(place), "\(label)")
      #expect(label.hasSuffix(halo.split(separator: ">", maxSplits: 1)[1]), "\(label)")
    }
  }

  /// Of one scenario: whatever the jobs and the intensities are, markers and names stay.
  @Test func labelsStayFromMapToMap() throws {
    func places(_ svg: String) -> [Substring] {
      svg.matches(of: /<text x="[0-9.]+" y="[0-9.]+" font-size="12" fill="#[0-9a-f]+">[A-Z][a-z]+</).map(\.output)
    }
    let snapshots = [snapshot(running: 0, intensity: 3), snapshot(running: 19, intensity: 399)]
    let scale = MapScale(snapshots)
    let maps = snapshots.map { places(MapFigure.svg($0, scale: scale)) }
    #expect(maps[0].count == 14 && maps[0] == maps[1])
    let (few, many) = (layout(snapshots[0]), layout(snapshots[1]))
    #expect(few.labels == many.labels && few.markers.map(\.x) == many.markers.map(\.x))
  }

  /// Area as the jobs that run, colour as the intensity, of the region and of the marker alike.
  @Test func sizesAndColoursMeanOneThingEach() throws {
    let scale = MapScale([snapshot(running: 20)])
    #expect(scale.most == 20 && scale.top == 400 && MapScale([snapshot(running: 21)]).most == 25)
    #expect(scale.radius(20, largest: 16) == 16 && scale.radius(5, largest: 16) == 8)
    #expect(scale.radius(0, largest: 16) < scale.radius(1, largest: 16))
    #expect(MapScale([snapshot(intensity: 650)]).top == 800)
    let alone = snapshot([("Inverness", 57.4778, -4.2247)], running: 5, intensity: 200)
    let svg = MapFigure.svg(alone)
    let color = Theme.light.color(.intensity(0.5))
    #expect(svg.contains("<path fill=\"\(color)\" d=\"M") && svg.contains("fill=\"\(color)\" stroke=\"#0f172a\""))
    #expect(svg.contains("<title>North Scotland: 200 gCO₂/kWh</title>"))
    #expect(svg.contains("<title>London: carbon intensity unknown</title>") && svg.contains(">no zone</text>"))
    #expect(!svg.contains("out of service"))
    var out = alone
    out.zones[0].isOut = true
    let crossed = MapFigure.svg(out)
    #expect(crossed.contains("stroke-dasharray") && crossed.contains(">out of service</text>"))
    #expect(crossed.contains("200 gCO₂/kWh, out of service; 5 jobs running"))
  }

  @Test func regionsHaveTheirZones() {
    let zones = snapshot().zones.map(\.zone)
    let areas = MapAreas(zones)
    let names = Geometry.britain.shapes.map(\.name)
    #expect(names.count == 14 && names.first == "North Scotland" && names.last == "South East England")
    func region(_ city: String) -> String? {
      areas.zones.firstIndex { $0.contains { zones[$0].name == city } }.map { names[$0] }
    }
    #expect(region("Inverness") == "North Scotland" && region("Leeds") == "Yorkshire")
    #expect(region("Cardiff") == "South Wales" && region("London") == "London")
    // By its place alone Reading is in another region than the one that NESO's API has for it.
    #expect(region("Reading") == "South England")
    var own = zones
    own[13].region = "South East England"
    own[5].region = "North Wales"
    own[0].region = "somewhere"
    let named = MapAreas(own)
    #expect(named.zones.last == [13] && named.zones[5] == [5] && named.zones[0] == [0])
    // Beyond the coast, and in another country.
    let away = [("Harbour", 50.62, -2.43), ("Berlin", 52.5, 13.4)].enumerated().map { index, place in
      Zone(
        id: index + 1, code: "\(index)", name: place.0, region: "",
        coordinates: Coordinates(latitude: place.1, longitude: place.2), capacity: .zero)
    }
    #expect(MapAreas(away).zones.joined().map { $0 } == [0])
  }

  /// The whole of Great Britain: from Scilly to Shetland, from the Hebrides to Lowestoft; no other country.
  @Test func theRegionsAreGreatBritain() {
    let geometry = Geometry.britain
    let land = [
      (60.4, -1.3), (59.0, -3.2), (58.2, -6.6), (57.3, -6.3), (53.3, -4.3), (50.7, -1.3), (50.2, -5.3), (52.5, 1.6),
      (51.5, -0.1), (56.8, -4.2),
    ]
    for (latitude, longitude) in land {
      let place = Coordinates(latitude: latitude, longitude: longitude)
      #expect(geometry.shape(at: place) != nil, "\(latitude), \(longitude)")
    }
    for (latitude, longitude) in [(54.2, -4.5), (53.35, -6.26), (54.6, -5.9), (48.86, 2.35), (56, 1), (51.5, -5.8)] {
      let place = Coordinates(latitude: latitude, longitude: longitude)
      #expect(geometry.shape(at: place) == nil, "\(latitude), \(longitude)")
    }
    // Regions touch and do not overlap: each border is two regions' or a coast.
    var uses: [Int: Int] = [:]
    for index in geometry.shapes.flatMap(\.rings).joined() { uses[index >= 0 ? index : ~index, default: 0] += 1 }
    #expect(uses.count == geometry.arcs.count && uses.values.allSatisfy { $0 <= 2 } && uses.values.contains(2))
    let world = Geometry.world
    #expect(world.shapes.count > 170 && world.shape(at: Coordinates(latitude: 48.86, longitude: 2.35)) != nil)
  }

  /// A map of one's own country or of the whole world is small.
  @Test func mapsAreSmall() {
    let day = (0..<24).map { snapshot(running: $0, intensity: Double($0) * 15) }
    let far = snapshot([("Frankfurt", 50.1, 8.7), ("Virginia", 38.9, -77.5), ("Sydney", -33.9, 151.2)], running: 3)
    for theme in Theme.all {
      for svg in [
        MapFigure.svg(snapshot(running: 12), theme: theme), MapFigure.svg(far, theme: theme),
        MapMultiples.policies(Array(day.prefix(15)), labels: (0..<15).map { "policy-\($0)" }, theme: theme),
      ] { #expect(svg.utf8.count < 80_000, "\(svg.utf8.count) bytes") }
    }
    #expect(MapMultiples.day(day).utf8.count < 110_000)
    // The world's coasts, cut to what is around the zones.
    let europe = MapFigure.svg(snapshot([("Paris", 48.9, 2.35), ("Oslo", 59.9, 10.7)]))
    #expect(europe.utf8.count < MapFigure.svg(far).utf8.count && europe.contains("fill=\"#dde2e8\""))
  }

  @Test func multiplesAreSoundAndTheirAreasAreAsTheJobs() throws {
    for count in [1, 2, 3, 15, 30] {
      let snapshots = (0..<count).map { snapshot(running: $0 + 1) }
      let titles = (0..<count).map { "<policy-\($0)>" }
      for theme in Theme.all {
        checkSound(MapMultiples.drawn(snapshots, titles: titles, title: "<t>", subtitle: "s", .builtIn, theme))
      }
    }
    let few = [snapshot(running: 5), snapshot(running: 20)]
    let svg = MapMultiples.policies(few, labels: ["a", "b"])
    // A quarter of the jobs, half the radius.
    #expect(svg.contains("r=\"8.5\"") && svg.contains("r=\"17\""))
    #expect(MapMultiples.fileName(policiesAt: few[0].at) == "maps-policies-20200106T000000Z.svg")
    #expect(MapMultiples.fileName("standard", dayOf: few[0].at) == "maps-standard-20200106.svg")
  }
}
