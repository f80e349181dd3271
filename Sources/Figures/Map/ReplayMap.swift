public import Domain

/// The ground of a map whose markers change as time goes on: land, the names of the zones, and where their markers and
/// intensities stand, so that nothing lies over anything else at any time.
public struct ReplayMap: Sendable {
  /// Where a zone's marker and the text of its intensity are, px.
  public struct Place: Sendable {
    public var x: Double
    public var y: Double
    /// Left end and base line.
    public var textX: Double
    public var textY: Double
  }

  public let width: Double
  public let height: Double
  /// What the platform's radii are multiplied by.
  public let shrink: Double
  /// gCO2/kWh at which a ring is whole.
  public let top: Double
  public let places: [Place]
  /// Whether there is room for names and intensities beside the markers.
  public let hasTexts: Bool
  private let zones: [Zone]
  private let layout: Layout
  private let projection: MapProjection
  private let outline: Outline
  private let size: Double
  private let isWithinBritain: Bool

  /// - Parameters:
  ///   - most: how many jobs each zone's marker shows at most.
  ///   - highest: gCO2/kWh, of all zones and times.
  ///   - isNarrow: for screens of phones: smaller, the zones' names cut shorter.
  public init(zones: [Zone], most: [Int], highest: Double, isNarrow: Bool, outline: Outline = .britain) {
    self.zones = zones
    self.outline = outline
    hasTexts = zones.count <= (isNarrow ? 24 : 48)
    (width, height) = isNarrow ? (340, 540) : (640, 800)
    size = isNarrow ? 10.5 : 12.5
    // So many that they would fill the map are drawn smaller, as on maps of an instant.
    let crowd = min(1, (90 / Double(max(zones.count, 1))).squareRoot())
    let shrink = crowd * (isNarrow ? 0.55 : 0.9)
    self.shrink = shrink
    top = highest <= 400 ? 400 : (highest / 200).rounded(.up) * 200
    let box = Box(x: 0, y: 0, width: width, height: height)
    let whole = MapProjection(zones.map(\.coordinates), box: box, hasOutline: !outline.isBritain)
    isWithinBritain = whole.isBritain
    // What a phone's screen has is for where the zones are.
    projection = isNarrow ? MapProjection(zones.map(\.coordinates), box: box, hasOutline: true) : whole
    let widest = "\(Int(min(max(highest, 0), 1e9).rounded())) g"
    let layout = Layout(
      zones, projection, radii: most.map { ZoneStanding.radius($0) * shrink }, ring: 7 * shrink, size: size,
      room: isNarrow ? 78 : 150, widest: widest)
    self.layout = layout
    places = zip(layout.markers, layout.texts).map { marker, text in
      Place(x: marker.x, y: marker.y, textX: text.x, textY: text.y)
    }
  }

  /// The contents of an SVG element, colours from the page's theme.
  public func ground(_ palette: inout ThemedPalette, id: String) -> String {
    palette.merged(light: drawn(.light).fragment, dark: drawn(.dark).fragment, id: id)
  }

  /// Of the ring: 64 colours from 0 to ``top``.
  public static let ramp = (0..<64).map { Theme.light.color(.ramp(Double($0) / 63)) }

  func drawn(_ theme: Theme) -> Canvas {
    var canvas = Canvas(theme: theme, title: "", width: width)
    canvas.height = height
    MapFigure.land(outline, projection, hasGraticule: !isWithinBritain, on: &canvas)
    for (spot, marker) in zip(layout.spots, layout.markers)
    where abs(spot.x - marker.x) + abs(spot.y - marker.y) > 3 {
      canvas.line(x1: spot.x, y1: spot.y, x2: marker.x, y2: marker.y, theme.muted)
      canvas.add(
        "<circle cx=\"\(SVG.tenths(spot.x))\" cy=\"\(SVG.tenths(spot.y))\" r=\"2\" fill=\"\(theme.muted)\"/>")
    }
    guard hasTexts else { return canvas }
    for (marker, label) in zip(layout.markers, layout.labels) where label.isFar {
      let end = label.leader(marker)
      canvas.line(x1: marker.x, y1: marker.y, x2: end.x, y2: end.y, theme.faint)
    }
    for (zone, text) in zip(zones, layout.texts) {
      canvas.text(zone.name, x: text.nameX, y: text.y, size: size, .ink, room: text.room, halo: true)
    }
    return canvas
  }

  private struct Layout {
    let spots: [Spot]
    let markers: [Labels.Marker]
    let labels: [Labels.Label]
    let texts: [(nameX: Double, room: Double, x: Double, y: Double)]

    init(
      _ zones: [Zone], _ projection: MapProjection, radii: [Double], ring: Double, size: Double, room: Double,
      widest: String
    ) {
      let spots = zones.map { projection.point($0.coordinates) }
      let reach = radii.map { $0 + ring }
      let isCrowded = zones.count > MapFigure.mostNamed
      let places =
        isCrowded
        ? MarkerLayout.kept(spots, radii: reach, within: projection.box)
        : MarkerLayout.apart(spots, radii: reach.map { $0 + 1 }, within: projection.box)
      let intensity = SVG.width(of: widest, size: size)
      let names = zones.map { SVG.fitted($0.name, width: room, size: size).shown }
      let markers = zones.indices.map { place in
        Labels.Marker(x: places[place].x, y: places[place].y, radius: reach[place], text: names[place] + "  " + widest)
      }
      (self.spots, self.markers) = (spots, markers)
      guard !isCrowded else {
        labels = []
        texts = markers.map { ($0.x, 0, $0.x, $0.y) }
        return
      }
      let box = projection.box
      labels = Labels.place(
        markers, taken: [], size: size,
        canvas: Box(x: box.x + 4, y: box.y + 2, width: box.width - 8, height: box.height - 4))
      texts = zip(labels, names).map { label, name in
        let width = SVG.width(of: name, size: size)
        let left = label.isBefore ? label.box.right - width - 6 - intensity : label.box.x
        return (left, width + 0.5, left + width + 6, label.box.y + 12)
      }
    }
  }
}
