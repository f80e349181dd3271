internal import Domain
internal import Foundation

/// The map of a run at an instant, as the platform draws it (markers' sizes and colours are the platform's).
///
/// A ring around each marker tells the carbon intensity by its length and its colour. Markers that would lie over
/// each other stand apart, with lines to their places. Of more than ``mostNamed`` zones names are left out, and
/// markers stand where their zones are: there is no room to move them to.
public enum MapFigure {
  /// `map-<policy>-<instant>.svg`; the replication stands in it from the second on.
  public static func fileName(_ snapshot: MapSnapshot) -> String {
    let replication = snapshot.replication > 1 ? "-r\(snapshot.replication)" : ""
    return "map-\(fileSafe(snapshot.policy))-\(instant(snapshot.at))\(replication).svg"
  }

  /// A policy's name or label as a part of a file's name: letters, digits and a few signs stay, others become `-`.
  static func fileSafe(_ name: String) -> String {
    String(name.map { $0.isLetter || $0.isNumber || "._-+()=".contains($0) ? $0 : "-" })
  }

  static func instant(_ at: Instant) -> String {
    let rest = at.milliseconds % 1000
    return rest == 0 ? at.compact : "\(at.compact.dropLast()).\(String(1000 + rest).dropFirst())Z"
  }

  /// A standalone SVG document, the same bytes for the same snapshot.
  public static func svg(_ snapshot: MapSnapshot, outline: Outline = .britain, theme: Theme = .dark) -> String {
    drawn(snapshot, outline, theme).document
  }

  /// The number of zones up to which a map names them and moves markers apart.
  public static let mostNamed = 100

  static let width = 860.0
  static let box = Box(x: 0, y: 92, width: width, height: 900)
  private static let ringGap = 3.0
  private static let ringWidth = 4.0
  private static let leastNumbered = 4.0

  static func drawn(_ snapshot: MapSnapshot, _ outline: Outline, _ theme: Theme) -> Canvas {
    let projection = MapProjection(snapshot.zones.map(\.zone.coordinates), box: box, hasOutline: !outline.isBritain)
    let scale = MapScale([snapshot])
    var canvas = Canvas(theme: theme, title: "\(snapshot.scenario): \(snapshot.policy)", width: width)
    canvas.plots.append(box)
    land(outline, projection, on: &canvas)
    title(snapshot, on: &canvas)
    let layout = MapLayout(snapshot, projection, ring: ringGap + ringWidth)
    leaders(layout, theme, on: &canvas)
    for place in layout.drawingOrder {
      draw(snapshot.zones[place], layout.markers[place], scale, ring: layout.ringScale, on: &canvas)
    }
    labels(snapshot, layout, on: &canvas)
    canvas.height = legend(scale, on: &canvas)
    return canvas
  }

  /// Water, land and, where no land is known, a graticule.
  static func land(
    _ outline: Outline, _ projection: MapProjection, hasGraticule: Bool = true, on canvas: inout Canvas
  ) {
    let box = projection.box
    let id = "clip\(SVG.tenths(box.x))-\(SVG.tenths(box.y))"
    canvas.add(
      "<clipPath id=\"\(id)\"><rect x=\"\(SVG.tenths(box.x))\" y=\"\(SVG.tenths(box.y))\" "
        + "width=\"\(SVG.tenths(box.width))\" height=\"\(SVG.tenths(box.height))\"/></clipPath>")
    canvas.add("<g clip-path=\"url(#\(id))\">")
    if hasGraticule, !projection.isBritain, outline.isBritain { graticule(projection, on: &canvas) }
    let paths = LandDrawing(projection: projection).paths(outline)
    let theme = canvas.theme
    if !paths.areas.isEmpty {
      canvas.add(
        "<path d=\"\(paths.areas)\" fill=\"\(theme.land)\" fill-rule=\"evenodd\" stroke=\"\(theme.coast)\"/>")
    }
    if !paths.lines.isEmpty { canvas.add("<path d=\"\(paths.lines)\" fill=\"none\" stroke=\"\(theme.coast)\"/>") }
    canvas.add("</g>")
  }

  private static func graticule(_ projection: MapProjection, on canvas: inout Canvas) {
    let box = projection.box
    let step = projection.graticule
    var path = ""
    for longitude in stride(from: -360.0, through: 360, by: step) {
      let x = projection.point(Coordinates(latitude: 0, longitude: longitude)).x
      if x >= box.x, x <= box.right { path += "M\(SVG.tenths(x)) \(SVG.tenths(box.y))v\(SVG.tenths(box.height))" }
    }
    for latitude in stride(from: -90 + step, to: 90, by: step) where abs(latitude) < 85 {
      let y = projection.point(Coordinates(latitude: latitude, longitude: 0)).y
      if y >= box.y, y <= box.bottom { path += "M\(SVG.tenths(box.x)) \(SVG.tenths(y))h\(SVG.tenths(box.width))" }
    }
    canvas.add("<path d=\"\(path)\" stroke=\"\(canvas.theme.grid)\" fill=\"none\"/>")
  }

  private static func title(_ snapshot: MapSnapshot, on canvas: inout Canvas) {
    let jobs = snapshot.zones.reduce(0) { $0 + $1.assigned }
    let running = snapshot.zones.reduce(0) { $0 + $1.running }
    func number(_ count: Int) -> String { Figures.text(Double(count), 0) }
    let third =
      "\(number(jobs)) \(jobs == 1 ? "job" : "jobs") assigned, \(number(running)) of them running; "
      + "\(number(snapshot.pending)) waiting without "
      + "a zone" + (snapshot.zones.count > mostNamed ? "; names of \(number(snapshot.zones.count)) zones left out" : "")
    let room = width - 48
    canvas.text(snapshot.scenario, x: 24, y: 38, size: 20, .ink, room: room, isBold: true)
    canvas.text("\(snapshot.policy) · \(snapshot.at.readable)", x: 24, y: 61, size: 14, .ink, room: room)
    canvas.text(third, x: 24, y: 81, size: 12, .muted, room: room)
  }

  private static func leaders(_ layout: MapLayout, _ theme: Theme, on canvas: inout Canvas) {
    for (spot, marker) in zip(layout.places, layout.markers) where layout.isMoved(spot, marker) {
      canvas.line(x1: spot.x, y1: spot.y, x2: marker.x, y2: marker.y, theme.muted)
      canvas.add(
        "<circle cx=\"\(SVG.tenths(spot.x))\" cy=\"\(SVG.tenths(spot.y))\" r=\"2.5\" fill=\"\(theme.muted)\"/>")
    }
    for (marker, label) in zip(layout.markers, layout.labels) where label.isFar {
      let end = label.leader(marker)
      canvas.line(x1: marker.x, y1: marker.y, x2: end.x, y2: end.y, theme.faint)
    }
  }

  private static func labels(_ snapshot: MapSnapshot, _ layout: MapLayout, on canvas: inout Canvas) {
    for (standing, label) in zip(snapshot.zones, layout.labels) {
      let intensity = MapLayout.intensity(standing)
      let width = SVG.width(of: intensity, size: Labels.size)
      let gap = intensity.isEmpty ? 0 : 6.0
      // The name beside the intensity, whichever side of the marker the label is on.
      let room = label.box.width - width - gap + 0.5
      let shown = SVG.fitted(standing.zone.name, width: room, size: Labels.size).shown
      let name = SVG.width(of: shown, size: Labels.size)
      let left = label.isBefore ? label.box.right - name - gap - width : label.box.x
      canvas.text(
        standing.zone.name, x: left, y: label.box.y + 12, size: Labels.size, .ink, room: room, halo: true)
      canvas.text(
        intensity, x: left + name + gap, y: label.box.y + 12, size: Labels.size,
        .custom(canvas.theme.band(standing.intensity)), halo: true)
    }
  }

  /// The marker with its ring, its count and its popup.
  private static func draw(
    _ standing: ZoneStanding, _ marker: Labels.Marker, _ scale: MapScale, ring size: Double, on canvas: inout Canvas
  ) {
    let (x, y) = (SVG.tenths(marker.x), SVG.tenths(marker.y))
    let (ringGap, ringWidth) = (size * MapFigure.ringGap, size * MapFigure.ringWidth)
    let radius = marker.radius - ringGap - ringWidth
    let theme = canvas.theme
    canvas.add("<g><title>\(SVG.escaped(popup(standing)))</title>")
    let ring = radius + ringGap + ringWidth / 2
    canvas.add(
      "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(SVG.tenths(ring))\" fill=\"\(theme.background)\" fill-opacity=\"0.55\" "
        + "stroke=\"\(theme.faint)\" stroke-width=\"1\"/>")
    if let intensity = standing.intensity {
      let arc = arc(marker, ring, scale.share(intensity))
      canvas.add(
        "<path d=\"\(arc)\" stroke=\"\(theme.ink)\" stroke-width=\"\(SVG.number(ringWidth + size))\" fill=\"none\"/>")
      canvas.add(
        "<path d=\"\(arc)\" stroke=\"\(theme.color(scale.ink(intensity)))\" "
          + "stroke-width=\"\(SVG.number(ringWidth - 0.6 * size))\" fill=\"none\"/>")
    }
    canvas.add(
      "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(SVG.tenths(radius))\" fill=\"\(standing.color)\"/>")
    // A number that nobody could read is left out.
    if standing.assigned > 0, radius >= leastNumbered {
      let count = standing.assigned < 10_000 ? String(standing.assigned) : "\(standing.assigned / 1000)k"
      let size = min(13, 2 * radius * 0.9 / (0.64 * Double(count.count)))
      for (shift, color) in [(1.0, "#020617"), (0, "#ffffff")] {
        canvas.add(
          "<text x=\"\(SVG.tenths(marker.x + shift))\" y=\"\(SVG.tenths(marker.y + size * 0.36 + shift))\" "
            + "font-size=\"\(SVG.number(size))\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"\(color)\">"
            + "\(count)</text>")
      }
    }
    canvas.add("</g>")
  }

  /// A part of a circle from its top on, clockwise.
  private static func arc(_ marker: Labels.Marker, _ radius: Double, _ share: Double) -> String {
    let r = SVG.tenths(radius)
    func spot(_ share: Double) -> String {
      let turn = share * 2 * Double.pi
      return "\(SVG.number(marker.x + radius * sin(turn))) \(SVG.number(marker.y - radius * cos(turn)))"
    }
    if share >= 0.999 { return "M\(spot(0))A\(r) \(r) 0 1 1 \(spot(0.5))A\(r) \(r) 0 1 1 \(spot(0))" }
    return share > 0.001 ? "M\(spot(0))A\(r) \(r) 0 \(share > 0.5 ? 1 : 0) 1 \(spot(share))" : "M\(spot(0))z"
  }

  /// Below the map, so that it covers nothing; returns where it ends.
  private static func legend(_ scale: MapScale, on canvas: inout Canvas) -> Double {
    let top = box.bottom + 8
    let theme = canvas.theme
    canvas.legends.append(Box(x: 16, y: top, width: width - 32, height: 62))
    canvas.rect(Box(x: 16, y: top, width: width - 32, height: 62), fill: theme.surface, stroke: theme.grid, corner: 6)
    let entries = [
      ("#10b981", "jobs assigned, some running"), ("#f59e0b", "jobs assigned, none running"), ("#3b82f6", "no jobs"),
    ]
    var x = 30.0
    for (color, text) in entries {
      canvas.add("<circle cx=\"\(SVG.tenths(x + 7))\" cy=\"\(SVG.tenths(top + 20))\" r=\"7\" fill=\"\(color)\"/>")
      canvas.text(text, x: x + 21, y: top + 24, size: 12, .ink)
      x += 21 + SVG.width(of: text, size: 12) + 22
    }
    canvas.text("number: jobs assigned so far", x: x, y: top + 24, size: 12, .muted)
    x = 30
    let ring = "ring: carbon intensity, clockwise; whole at \(Int(scale.top)) gCO₂/kWh"
    canvas.text(ring, x: x, y: top + 49, size: 12, .ink)
    x += SVG.width(of: ring, size: 12) + 12
    for step in 0..<24 {
      canvas.rect(
        Box(x: x + Double(step) * 5, y: top + 40, width: 5.2, height: 11), fill: theme.color(.ramp(Double(step) / 23)))
    }
    x += 24 * 5 + 20
    for (name, value) in [("under 100", 50.0), ("100–149", 120), ("from 150", 200)] {
      canvas.text(name, x: x, y: top + 49, size: 12, .custom(theme.band(CarbonIntensity(value))))
      x += SVG.width(of: name, size: 12) + 12
    }
    return top + 62 + 14
  }

  static func popup(_ standing: ZoneStanding) -> String {
    let energy = standing.energy.value
    let average = energy > 0 ? "\(SVG.number(standing.emissions.value / energy)) gCO2/kWh" : "none yet"
    let now = standing.intensity.map { "\(SVG.number($0.value)) gCO2/kWh" } ?? "unknown"
    if standing.isPartial {
      return "\(standing.zone.name) (\(standing.zone.code)): \(counted(standing.assigned, "job")) assigned so far, "
        + "\(standing.running) of them running; now \(now)"
    }
    return
      "\(standing.zone.name) (\(standing.zone.code)): \(standing.scheduled) scheduled, \(standing.running) running, "
      + "\(standing.suspended) suspended, \(standing.completed) completed; energy \(SVG.number(energy)) kWh; "
      + "average carbon \(average); now \(now)"
  }
}

/// Where everything on a map is.
struct MapLayout {
  /// Where the zones are.
  let places: [Spot]
  /// Where their markers are, rings included.
  let markers: [Labels.Marker]
  /// Empty if zones are not named.
  let labels: [Labels.Label]
  /// What the width of a ring is multiplied by.
  let ringScale: Double

  /// - Parameter ring: what is around a marker, px.
  init(_ snapshot: MapSnapshot, _ projection: MapProjection, ring: Double) {
    let places = snapshot.zones.map { projection.point($0.zone.coordinates) }
    // So many that they would fill the map are drawn smaller.
    let shrink = min(1, (90 / Double(max(snapshot.zones.count, 1))).squareRoot())
    let isCrowded = snapshot.zones.count > MapFigure.mostNamed
    let ringScale = isCrowded ? shrink : 1
    self.ringScale = ringScale
    let radii = snapshot.zones.map { $0.radius * shrink + ring * ringScale }
    let spots =
      isCrowded
      ? MarkerLayout.kept(places, radii: radii, within: projection.box)
      : MarkerLayout.apart(places, radii: radii.map { $0 + 1 }, within: projection.box)
    let markers = snapshot.zones.indices.map { place in
      let standing = snapshot.zones[place]
      let intensity = MapLayout.intensity(standing)
      let name = SVG.fitted(standing.zone.name, width: 190, size: Labels.size).shown
      return Labels.Marker(
        x: spots[place].x, y: spots[place].y, radius: radii[place],
        text: name + (intensity.isEmpty ? "" : "  " + intensity))
    }
    let box = projection.box
    self.places = places
    self.markers = markers
    labels =
      isCrowded
      ? []
      : Labels.place(
        markers, taken: [], canvas: Box(x: box.x + 8, y: box.y + 2, width: box.width - 16, height: box.height - 4))
  }

  /// Indices of the markers; of markers that may lie over each other the small ones come last, on top.
  var drawingOrder: [Int] {
    guard labels.isEmpty else { return Array(markers.indices) }
    return markers.indices.sorted { (-markers[$0].radius, $0) < (-markers[$1].radius, $1) }
  }

  func isMoved(_ place: Spot, _ marker: Labels.Marker) -> Bool {
    let (dx, dy) = (place.x - marker.x, place.y - marker.y)
    return dx * dx + dy * dy > 9
  }

  static func intensity(_ standing: ZoneStanding) -> String {
    standing.intensity.map { "\(Int(min(max($0.value, -1e9), 1e9).rounded())) g" } ?? ""
  }
}
