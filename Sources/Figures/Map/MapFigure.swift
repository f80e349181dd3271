internal import Domain
internal import Foundation

/// The map of a run at an instant.
///
/// Colour is the carbon intensity, of the regions of Great Britain and of the markers alike; the area of a marker is
/// as the jobs that run there; a dashed outline with a cross is a zone out of service. Markers that would lie over
/// each other stand apart, with lines to their places. Where markers and names are depends on the zones alone, so that
/// they stay where they are from map to map. If there are more than ``mostNamed`` zones, names are left out, and
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
  public static func svg(
    _ snapshot: MapSnapshot, scale: MapScale? = nil, outline: Outline = .builtIn, theme: Theme = .light
  ) -> String {
    drawn(snapshot, outline, theme, scale).document
  }

  /// The number of zones up to which a map names them and moves markers apart.
  public static let mostNamed = 100

  static let width = 660.0
  /// The radius of the largest marker, px, on a map of few zones.
  static let largest = 15.0
  /// Free space around a marker that may be moved, px.
  static let gap = 2.0
  private static let leastNumbered = 7.5

  static func box(_ places: [Coordinates], _ outline: Outline) -> Box {
    let aspect = MapProjection.aspect(places, hasOutline: !outline.isBuiltIn)
    return Box(x: 0, y: 92, width: width, height: (width * min(aspect, 1.33)).rounded())
  }

  static func drawn(_ snapshot: MapSnapshot, _ outline: Outline, _ theme: Theme, _ scale: MapScale? = nil) -> Canvas {
    MapPlan(zones: snapshot.zones.map(\.zone), scale: scale ?? MapScale([snapshot]), outline: outline)
      .drawn(snapshot, theme)
  }

  static func drawn(_ snapshot: MapSnapshot, _ plan: MapPlan, _ theme: Theme) -> Canvas {
    let (layout, scale) = (plan.layout, plan.scale)
    var canvas = Canvas(theme: theme, title: "\(snapshot.scenario): \(snapshot.policy)", width: width)
    canvas.plots.append(plan.box)
    plan.ground.draw(snapshot.zones, scale, on: &canvas)
    title(snapshot, on: &canvas)
    leaders(layout, theme, on: &canvas)
    for place in layout.drawingOrder(snapshot.zones) {
      draw(snapshot.zones[place], layout.markers[place], scale, layout, on: &canvas)
    }
    labels(snapshot, layout, on: &canvas)
    let legend = MapLegend(
      scale: scale, ground: plan.ground, largest: layout.largest, hasNames: !layout.labels.isEmpty)
    canvas.height = legend.draw(below: plan.box, on: &canvas)
    return canvas
  }

  private static func title(_ snapshot: MapSnapshot, on canvas: inout Canvas) {
    let jobs = snapshot.zones.reduce(0) { $0 + $1.assigned }
    let running = snapshot.zones.reduce(0) { $0 + $1.running }
    func number(_ count: Int) -> String { Figures.text(Double(count), 0) }
    let third =
      "\(number(running)) \(running == 1 ? "job" : "jobs") running, \(number(jobs)) assigned so far, \(number(snapshot.pending)) waiting without "
      + "a zone" + (snapshot.zones.count > mostNamed ? "; names of \(number(snapshot.zones.count)) zones left out" : "")
    let room = width - 48
    canvas.text(snapshot.scenario, x: 24, y: 38, size: 20, .ink, room: room, isBold: true)
    let second = [snapshot.policy, snapshot.at.readable] + [snapshot.replicationText].compactMap { $0 }
    canvas.text(second.joined(separator: " · "), x: 24, y: 61, size: 14, .ink, room: room)
    canvas.text(third, x: 24, y: 81, size: 12, .muted, room: room)
  }

  private static func leaders(_ layout: MapLayout, _ theme: Theme, on canvas: inout Canvas) {
    for (spot, marker) in zip(layout.places, layout.markers) where layout.isMoved(spot, marker) {
      canvas.line(x1: spot.x, y1: spot.y, x2: marker.x, y2: marker.y, theme.muted)
      canvas.add(
        "<circle cx=\"\(SVG.tenths(spot.x))\" cy=\"\(SVG.tenths(spot.y))\" r=\"2\" fill=\"\(theme.muted)\"/>")
    }
    for (marker, label) in zip(layout.markers, layout.labels) where label.isFar {
      let end = label.leader(marker)
      canvas.line(x1: marker.x, y1: marker.y, x2: end.x, y2: end.y, theme.muted)
    }
  }

  private static func labels(_ snapshot: MapSnapshot, _ layout: MapLayout, on canvas: inout Canvas) {
    for place in layout.labels.indices {
      let standing = snapshot.zones[place]
      let text = layout.text(place)
      canvas.text(
        standing.zone.name, x: text.nameX, y: text.y, size: Labels.size, .ink, room: text.room, halo: true)
      canvas.text(
        MapLayout.intensity(standing.intensity), x: text.valueX, y: text.y, size: Labels.size, .ink,
        halo: true)
    }
  }

  /// The marker with its number and its popup.
  private static func draw(
    _ standing: ZoneStanding, _ marker: Labels.Marker, _ scale: MapScale, _ layout: MapLayout, on canvas: inout Canvas
  ) {
    let radius = max(layout.isCrowded ? 1.1 : 0, scale.radius(standing.running, largest: layout.largest))
    let theme = canvas.theme
    canvas.add("<g><title>\(SVG.escaped(popup(standing)))</title>")
    if !layout.isCrowded {
      canvas.add(
        "<circle cx=\"\(SVG.tenths(marker.x))\" cy=\"\(SVG.tenths(marker.y))\" r=\"\(SVG.tenths(radius + 1))\" "
          + "fill=\"none\" stroke=\"\(theme.background)\" stroke-width=\"3\"/>")
    }
    let width = layout.isCrowded ? 0.5 : 1.3
    canvas.add(circle(standing, marker.x, marker.y, radius, scale, theme, stroke: width))
    // A number that nobody could read is left out.
    if standing.running > 0, radius >= leastNumbered, !standing.isOut {
      let count = standing.running < 10_000 ? String(standing.running) : "\(standing.running / 1000)k"
      let size = min(12, 2 * radius * 0.86 / (0.64 * Double(count.count)))
      let share = standing.intensity.map(scale.share) ?? 0
      canvas.add(
        "<text x=\"\(SVG.tenths(marker.x))\" y=\"\(SVG.tenths(marker.y + size * 0.36))\" "
          + "font-size=\"\(SVG.number(size))\" text-anchor=\"middle\" fill=\"\(share > 0.55 ? "#ffffff" : "#0f172a")\">"
          + "\(count)</text>")
    }
    canvas.add("</g>")
  }

  /// A marker's circle, with an edge of its own or its group's; of a zone out of service dashed and crossed.
  static func circle(
    _ standing: ZoneStanding, _ x: Double, _ y: Double, _ radius: Double, _ scale: MapScale, _ theme: Theme,
    stroke: Double?, title: String? = nil
  ) -> String {
    let radius = standing.isOut ? max(radius, 6) : radius
    let fill = standing.isOut ? theme.background : theme.color(scale.ink(standing.intensity))
    let dashes = standing.isOut ? " stroke-dasharray=\"3 1.7\"" : ""
    let shape =
      "<circle cx=\"\(SVG.tenths(x))\" cy=\"\(SVG.tenths(y))\" r=\"\(SVG.tenths(radius))\" fill=\"\(fill)\""
      + (stroke.map { " stroke=\"\(theme.ink)\" stroke-width=\"\(SVG.number($0))\"" } ?? "") + dashes
    let circle = title.map { "\(shape)><title>\(SVG.escaped($0))</title></circle>" } ?? shape + "/>"
    return circle + (standing.isOut ? cross(x, y, radius, theme) : "")
  }

  static func cross(_ x: Double, _ y: Double, _ radius: Double, _ theme: Theme) -> String {
    let (arm, side) = (radius * 0.55, SVG.tenths(radius * 1.1))
    return "<path d=\"M\(SVG.tenths(x - arm)) \(SVG.tenths(y - arm))l\(side) \(side)m-\(side) 0l\(side) -\(side)\" "
      + "stroke=\"\(theme.ink)\" stroke-width=\"1.3\" fill=\"none\"/>"
  }

  static func popup(_ standing: ZoneStanding) -> String {
    let now = standing.intensity.map { "\(SVG.number($0.value)) gCO₂/kWh" } ?? "carbon intensity unknown"
    let head =
      "\(standing.zone.name) (\(standing.zone.code)): \(now)" + (standing.isOut ? ", out of service" : "")
      + "; \(counted(standing.running, "job")) running, "
    if standing.isPartial { return head + "\(standing.assigned) assigned so far" }
    let energy = standing.energy.value
    let average = energy > 0 ? "\(SVG.number(standing.emissions.value / energy)) gCO₂/kWh" : "none yet"
    return head
      + "\(standing.scheduled) scheduled, \(standing.suspended) suspended, \(standing.completed) completed; "
      + "\(SVG.number(energy)) kWh so far, on average \(average)"
  }
}
