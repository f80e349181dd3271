internal import Domain

/// The map of a run at an instant, as the platform draws it (markers' sizes and colours are the platform's).
public enum MapFigure {
  /// `map-<policy>-<instant>.svg`; the replication stands in it from the second on.
  public static func fileName(_ snapshot: MapSnapshot) -> String {
    let rest = snapshot.at.milliseconds % 1000
    let instant =
      rest == 0 ? snapshot.at.compact : "\(snapshot.at.compact.dropLast()).\(String(1000 + rest).dropFirst())Z"
    let replication = snapshot.replication > 1 ? "-r\(snapshot.replication)" : ""
    return "map-\(snapshot.policy)-\(instant)\(replication).svg"
  }

  /// A standalone SVG document, the same bytes for the same snapshot.
  public static func svg(_ snapshot: MapSnapshot) -> String {
    let projection = MapProjection(snapshot.zones.map(\.zone.coordinates))
    let (width, height) = (SVG.number(MapProjection.width), SVG.number(MapProjection.height))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) "
        + "\(height)\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\">",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#0f172a\"/>",
    ]
    lines += land(projection)
    lines += title(snapshot)
    lines += legend()
    lines += markers(snapshot, projection)
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func land(_ projection: MapProjection) -> [String] {
    var lines: [String] = []
    if !projection.isBritain { lines += graticule(projection) }
    for ring in Outline.rings {
      let points = ring.map { place in
        let point = projection.point(longitude: place.longitude, latitude: place.latitude)
        return "\(SVG.number(point.x)),\(SVG.number(point.y))"
      }
      lines.append(
        "<polygon points=\"\(points.joined(separator: " "))\" fill=\"#1e293b\" stroke=\"#475569\" stroke-width=\"1\"/>")
    }
    return lines
  }

  /// Lines every ten degrees, where the view is not Great Britain's.
  private static func graticule(_ projection: MapProjection) -> [String] {
    var path = ""
    for longitude in stride(from: -180.0, through: 180, by: 10) {
      let x = SVG.number(projection.point(longitude: longitude, latitude: 0).x)
      path += "M\(x) 0V\(SVG.number(MapProjection.height))"
    }
    for latitude in stride(from: -80.0, through: 80, by: 10) {
      let y = SVG.number(projection.point(longitude: 0, latitude: latitude).y)
      path += "M0 \(y)H\(SVG.number(MapProjection.width))"
    }
    return ["<path d=\"\(path)\" stroke=\"#1e293b\" fill=\"none\"/>"]
  }

  /// What labels stay within.
  static let canvas = Box(x: 8, y: 8, width: MapProjection.width - 16, height: MapProjection.height - 16)
  private static let titleBox = Box(x: 20, y: 16, width: 480, height: 76)
  private static let legendBox = Box(x: 586, y: 20, width: 254, height: 168)

  private static func title(_ snapshot: MapSnapshot) -> [String] {
    let jobs = snapshot.zones.reduce(0) { $0 + $1.assigned }
    let running = snapshot.zones.reduce(0) { $0 + $1.running }
    let second = "\(snapshot.policy) · \(snapshot.at.readable)"
    let third = "\(jobs) jobs assigned, \(running) of them running; \(snapshot.pending) waiting without a zone"
    return [
      "<text x=\"24\" y=\"42\" font-size=\"21\" fill=\"#f1f5f9\">\(SVG.escaped(snapshot.scenario))</text>",
      "<text x=\"24\" y=\"65\" font-size=\"14\" fill=\"#cbd5e1\">\(SVG.escaped(second))</text>",
      "<text x=\"24\" y=\"85\" font-size=\"12\" fill=\"#94a3b8\">\(third)</text>",
    ]
  }

  private static func legend() -> [String] {
    let box = legendBox
    var lines = [
      "<rect x=\"\(SVG.number(box.x))\" y=\"\(SVG.number(box.y))\" width=\"\(SVG.number(box.width))\" height=\""
        + "\(SVG.number(box.height))\" rx=\"6\" fill=\"#111c33\" stroke=\"#334155\"/>"
    ]
    let entries = [
      ("#10b981", 9.0, "jobs assigned, some running"), ("#f59e0b", 9, "jobs assigned, none running"),
      ("#3b82f6", 7, "no jobs assigned"),
    ]
    for (row, entry) in entries.enumerated() {
      let y = box.y + 24 + Double(row) * 26
      lines.append(
        "<circle cx=\"\(SVG.number(box.x + 22))\" cy=\"\(SVG.number(y))\" r=\"\(SVG.number(entry.1))\" "
          + "fill=\"\(entry.0)\"/>")
      lines.append(text(entry.2, x: box.x + 42, y: y + 4, color: "#cbd5e1"))
    }
    lines.append(text("number: jobs assigned so far", x: box.x + 14, y: box.y + 106, color: "#94a3b8"))
    lines.append(text("carbon intensity now, gCO₂/kWh:", x: box.x + 14, y: box.y + 130, color: "#94a3b8"))
    let bands = [("under 100", 50.0), ("100–149", 120), ("150 and over", 200)]
    var x = box.x + 14
    for (name, value) in bands {
      lines.append(text(name, x: x, y: box.y + 152, color: band(CarbonIntensity(value))))
      x += SVG.width(of: name, size: 12) + 10
    }
    return lines
  }

  private static func text(_ text: String, x: Double, y: Double, color: String) -> String {
    "<text x=\"\(SVG.number(x))\" y=\"\(SVG.number(y))\" font-size=\"12\" fill=\"\(color)\">\(SVG.escaped(text))</text>"
  }

  /// The platform's bands: under 100 green, under 150 amber, else red.
  static func band(_ intensity: CarbonIntensity?) -> String {
    guard let value = intensity?.value else { return "#94a3b8" }
    return value < 100 ? "#34d399" : value < 150 ? "#fbbf24" : "#f87171"
  }

  /// Name and intensity beside a marker.
  static func label(_ standing: ZoneStanding) -> (name: String, intensity: String) {
    (standing.zone.name, standing.intensity.map { "\(Int($0.value.rounded())) g" } ?? "")
  }

  /// Where the markers and their labels are, in the order of the zones.
  static func layout(_ snapshot: MapSnapshot, _ projection: MapProjection) -> ([Labels.Marker], [Labels.Label]) {
    let markers = snapshot.zones.map { standing in
      let place = standing.zone.coordinates
      let point = projection.point(longitude: place.longitude, latitude: place.latitude)
      let (name, intensity) = label(standing)
      return Labels.Marker(x: point.x, y: point.y, radius: standing.radius, text: name + "  " + intensity)
    }
    return (markers, Labels.place(markers, taken: [titleBox, legendBox], canvas: MapFigure.canvas))
  }

  private static func markers(_ snapshot: MapSnapshot, _ projection: MapProjection) -> [String] {
    let (markers, labels) = layout(snapshot, projection)
    var lines: [String] = []
    for (marker, label) in zip(markers, labels) where label.isFar {
      let x = min(max(marker.x, label.box.x), label.box.x + label.box.width)
      let y = label.box.y + label.box.height / 2
      lines.append(
        "<line x1=\"\(SVG.number(marker.x))\" y1=\"\(SVG.number(marker.y))\" x2=\"\(SVG.number(x))\" "
          + "y2=\"\(SVG.number(y))\" stroke=\"#64748b\"/>")
    }
    for (standing, marker) in zip(snapshot.zones, markers) { lines += drawn(standing, marker) }
    for (standing, label) in zip(snapshot.zones, labels) {
      let (name, intensity) = self.label(standing)
      lines.append(
        "<text x=\"\(SVG.number(label.box.x))\" y=\"\(SVG.number(label.box.y + 12))\" font-size=\"12\" "
          + "fill=\"#e2e8f0\">\(SVG.escaped(name))<tspan dx=\"5\" fill=\"\(band(standing.intensity))\">\(intensity)</tspan></text>"
      )
    }
    return lines
  }

  /// The marker with its count and its popup.
  private static func drawn(_ standing: ZoneStanding, _ marker: Labels.Marker) -> [String] {
    let (x, y) = (SVG.number(marker.x), SVG.number(marker.y))
    var lines = [
      "<g><title>\(SVG.escaped(popup(standing)))</title>",
      "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(SVG.number(marker.radius))\" fill=\"\(standing.color)\" "
        + "fill-opacity=\"0.92\" stroke=\"#f8fafc\" stroke-width=\"1.2\"/>",
    ]
    if standing.assigned > 0 {
      let count = standing.assigned < 10_000 ? String(standing.assigned) : "\(standing.assigned / 1000)k"
      let size = min(13, 2 * marker.radius * 0.9 / (0.64 * Double(count.count)))
      for (shift, color) in [(1.0, "#020617"), (0, "#ffffff")] {
        lines.append(
          "<text x=\"\(SVG.number(marker.x + shift))\" y=\"\(SVG.number(marker.y + size * 0.36 + shift))\" "
            + "font-size=\"\(SVG.number(size))\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"\(color)\">"
            + "\(count)</text>")
      }
    }
    lines.append("</g>")
    return lines
  }

  static func popup(_ standing: ZoneStanding) -> String {
    let energy = standing.energy.value
    let average = energy > 0 ? "\(SVG.number(standing.emissions.value / energy)) gCO2/kWh" : "none yet"
    let now = standing.intensity.map { "\(SVG.number($0.value)) gCO2/kWh" } ?? "unknown"
    return
      "\(standing.zone.name) (\(standing.zone.code)): \(standing.scheduled) scheduled, \(standing.running) running, "
      + "\(standing.suspended) suspended, \(standing.completed) completed; energy \(SVG.number(energy)) kWh; "
      + "average carbon \(average); now \(now)"
  }
}
