public import Domain

/// The ground of a map whose markers and colours change as time goes on: land, areas, the names of the zones, and where
/// markers and intensities stand, so that nothing lies over anything else at any time.
public struct ReplayMap: Sendable {
  /// Positions of a zone's marker and of the text of its intensity, px.
  public struct Place: Sendable {
    public var x: Double
    public var y: Double
    /// Left end and base line.
    public var textX: Double
    public var textY: Double
  }

  public let width: Double
  public let height: Double
  /// The radius of the largest marker, px.
  public let largest: Double
  /// gCO2/kWh of the darkest colour.
  public let top: Double
  /// Jobs running of the largest marker.
  public let most: Int
  public let places: [Place]
  /// True if there is room for names and intensities beside the markers.
  public let hasTexts: Bool
  /// By area `area-N`: indices of the zones that it shows; none of a map without areas.
  public let areas: [[Int]]
  /// Behind the number of an intensity: `g/kWh`, or `g` where there is no room for more.
  public let unit: String
  private let zones: [Zone]
  private let layout: MapLayout
  private let background: MapGround
  private let size: Double

  /// - Parameters:
  ///   - running: how many jobs run in a zone at most.
  ///   - highest: gCO2/kWh, of all zones and times.
  ///   - isNarrow: for screens of phones: smaller, the zones' names cut shorter.
  public init(zones: [Zone], running: Int, highest: Double, isNarrow: Bool, outline: Outline = .builtIn) {
    self.zones = zones
    let coordinates = zones.map(\.coordinates)
    let aspect = MapProjection.aspect(coordinates, hasOutline: !outline.isBuiltIn)
    // Beside Great Britain there is room for labels.
    width = isNarrow ? 390 : 640
    height = (width * min(aspect, 1.3)).rounded()
    size = isNarrow ? 10.5 : 12.5
    let scale = MapScale(highest: highest, running: running)
    (top, most) = (scale.top, scale.most)
    let projection = MapProjection(
      coordinates, box: Box(x: 0, y: 0, width: width, height: height), hasOutline: !outline.isBuiltIn)
    background = MapGround(zones, outline, projection)
    areas = background.areas?.zones ?? []
    layout = MapLayout(
      zones, background, projection, scale, size: size, room: isNarrow ? 78 : 150, largest: isNarrow ? 11 : 17,
      mostNamed: isNarrow ? 24 : 48, unit: isNarrow ? "g" : MapLayout.unit)
    largest = layout.largest
    unit = layout.unit
    hasTexts = !layout.isCrowded
    let made = layout
    places = made.markers.indices.map { place in
      let marker = made.markers[place]
      guard !made.isCrowded else {
        return Place(x: marker.x, y: marker.y, textX: marker.x, textY: marker.y)
      }
      let text = made.text(place)
      return Place(x: marker.x, y: marker.y, textX: text.valueX, textY: text.y)
    }
  }

  /// The contents of an SVG element, colours from the page's theme.
  public func ground(_ palette: inout ThemedPalette, id: String) -> String {
    palette.merged(light: drawn(.light).fragment, dark: drawn(.dark).fragment, id: id)
  }

  /// Colours of carbon intensity: 32 from 0 to ``top``.
  public static let ramp = (0..<32).map { Theme.light.color(.intensity(Double($0) / 31)) }

  func drawn(_ theme: Theme) -> Canvas {
    var canvas = Canvas(theme: theme, title: "", width: width)
    canvas.height = height
    background.drawForScript(on: &canvas)
    for (spot, marker) in zip(layout.places, layout.markers) where layout.isMoved(spot, marker) {
      canvas.line(x1: spot.x, y1: spot.y, x2: marker.x, y2: marker.y, theme.muted)
      canvas.add(
        "<circle cx=\"\(SVG.tenths(spot.x))\" cy=\"\(SVG.tenths(spot.y))\" r=\"2\" fill=\"\(theme.muted)\"/>")
    }
    guard hasTexts else { return canvas }
    for (marker, label) in zip(layout.markers, layout.labels) where label.isFar {
      let end = label.leader(marker)
      canvas.line(x1: marker.x, y1: marker.y, x2: end.x, y2: end.y, theme.muted)
    }
    for (place, zone) in zones.enumerated() {
      let text = layout.text(place)
      canvas.text(zone.name, x: text.nameX, y: text.y, size: size, .ink, room: text.room, halo: true)
    }
    return canvas
  }
}
