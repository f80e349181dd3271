internal import Domain

/// Positions of a map's markers and names: they depend on the zones alone, so that they stay from map to map.
struct MapLayout {
  /// Positions of the zones on the ground.
  let places: [Spot]
  /// Positions of their markers, with the largest radius.
  let markers: [Labels.Marker]
  /// Empty if zones are not named.
  let labels: [Labels.Label]
  /// The radius of the largest marker, px.
  let largest: Double
  let isCrowded: Bool
  private let size: Double
  /// The width that is kept for a number, px.
  private let value: Double
  private let names: [String]
  /// Behind the number of an intensity.
  let unit: String

  private static let gap = 6.0

  /// - Parameters:
  ///   - size: of the names, px.
  ///   - room: for a name, px.
  ///   - mostNamed: of more zones names are left out.
  init(
    _ zones: [Zone], _ ground: MapGround, _ projection: MapProjection, _ scale: MapScale, size: Double = Labels.size,
    room: Double = 170,
    largest most: Double = MapFigure.largest, mostNamed: Int = MapFigure.mostNamed, unit: String = MapLayout.unit
  ) {
    let places = zones.map { projection.point($0.coordinates) }
    // Many markers would fill the map: they are drawn smaller.
    let largest = max(4, most * min(1, (60 / Double(max(zones.count, 1))).squareRoot()))
    let isCrowded = zones.count > mostNamed
    let radii = zones.map { _ in largest + MapFigure.gap }
    let spots =
      isCrowded
      ? MarkerLayout.kept(places, radii: radii, within: projection.box)
      : MarkerLayout.apart(
        ground.spots(zones, largest: largest), radii: radii, within: projection.box)
    self.unit = unit
    let widest = MapLayout.intensity(CarbonIntensity(max(scale.top - 1, 100)), unit)
    let value = SVG.width(of: widest, size: size)
    names = zones.map { SVG.fitted($0.name, width: room, size: size).shown }
    let gap = String(repeating: " ", count: Int((MapLayout.gap / SVG.width(of: " ", size: size)).rounded(.up)))
    let markers = zip(spots, names).map { spot, name in
      Labels.Marker(x: spot.x, y: spot.y, radius: largest + MapFigure.gap, text: name + gap + widest)
    }
    let box = projection.box
    (self.places, self.markers, self.largest, self.isCrowded) = (places, markers, largest, isCrowded)
    (self.size, self.value) = (size, value)
    labels =
      isCrowded
      ? []
      : Labels.place(
        markers, taken: [], size: size,
        canvas: Box(x: box.x + 6, y: box.y + 2, width: box.width - 12, height: box.height - 4),
        misplaced: ground.foreignArea(zones) ?? { _, _ in 0 })
  }

  /// Indices of the markers; of markers that may lie over each other the small ones come last, on top.
  func drawingOrder(_ standings: [ZoneStanding]) -> [Int] {
    guard isCrowded else { return Array(markers.indices) }
    return markers.indices.sorted { (-standings[$0].running, $0) < (-standings[$1].running, $1) }
  }

  func isMoved(_ place: Spot, _ marker: Labels.Marker) -> Bool {
    let (dx, dy) = (place.x - marker.x, place.y - marker.y)
    return dx * dx + dy * dy > 9
  }

  /// Left ends of a name and of the number behind it, the room of the name, and the base line.
  struct Text {
    var nameX: Double
    var room: Double
    var valueX: Double
    var y: Double
  }

  /// Positions of a zone's name and number, whatever the number is.
  func text(_ place: Int) -> Text {
    let label = labels[place]
    let name = SVG.width(of: names[place], size: size)
    let left = label.isBefore ? label.box.right - value - MapLayout.gap - name : label.box.x
    return Text(nameX: left, room: name + 0.5, valueX: left + name + MapLayout.gap, y: label.box.y + 12)
  }

  static let unit = "g/kWh"

  static func intensity(_ intensity: CarbonIntensity?, _ unit: String = unit) -> String {
    intensity.map { "\(Int(min(max($0.value, -1e9), 1e9).rounded())) \(unit)" } ?? ""
  }
}
