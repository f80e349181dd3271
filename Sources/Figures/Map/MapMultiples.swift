public import Domain

/// Many maps on one page: policies side by side at an instant, or one policy over a day.
///
/// Circles here have areas that are as the jobs, and the colour of the carbon intensity.
public enum MapMultiples {
  /// What the areas of the circles are.
  public enum Size: Sendable {
    case assigned, running

    func count(_ standing: ZoneStanding) -> Int { self == .assigned ? standing.assigned : standing.running }
    var text: String { self == .assigned ? "jobs assigned so far" : "jobs running" }
  }

  /// Of more snapshots the first are shown.
  static let most = 24
  static let largest = 17.0

  /// `maps-policies-<instant>.svg`
  public static func fileName(policiesAt at: Instant) -> String { "maps-policies-\(MapFigure.instant(at)).svg" }

  /// `maps-<policy>-<day>.svg`
  public static func fileName(_ policy: String, dayOf at: Instant) -> String {
    "maps-\(MapFigure.fileSafe(policy))-\(at.compact.prefix(8)).svg"
  }

  /// Policies at one instant; all snapshots are of it.
  public static func policies(
    _ snapshots: [MapSnapshot], labels: [String], outline: Outline = .britain, theme: Theme = .dark
  ) -> String {
    let at = snapshots.first?.at.readable ?? ""
    return drawn(
      snapshots, titles: labels, title: snapshots.first?.scenario ?? "", subtitle: "Policies side by side · \(at)",
      .assigned, outline, theme
    ).document
  }

  /// One policy at several instants.
  public static func day(_ snapshots: [MapSnapshot], outline: Outline = .britain, theme: Theme = .dark) -> String {
    let first = snapshots.first
    return drawn(
      snapshots, titles: snapshots.map { $0.at.readable }, title: first?.scenario ?? "",
      subtitle: "\(first?.policy ?? "") over a day", .running, outline, theme
    ).document
  }

  static func drawn(
    _ snapshots: [MapSnapshot], titles: [String], title: String, subtitle: String, _ size: Size, _ outline: Outline,
    _ theme: Theme
  ) -> Canvas {
    let shown = Array(snapshots.prefix(most))
    let columns = min(5, max(2, shown.count))
    let (width, margin, gap) = (960.0, 20.0, 10.0)
    let cell = (width - 2 * margin - Double(columns - 1) * gap) / Double(columns)
    let height = min(cell * 1.35, 420)
    let scale = MapScale(shown)
    let top = shown.flatMap(\.zones).map(size.count).max() ?? 0
    var canvas = Canvas(theme: theme, title: "\(title): \(subtitle)", width: width)
    canvas.text(title, x: margin, y: 34, size: 18, .ink, room: width - 2 * margin, isBold: true)
    canvas.text(subtitle, x: margin, y: 55, size: 13, .muted, room: width - 2 * margin)
    legend(scale, top, size, on: &canvas)
    var bottom = 96.0
    for (place, snapshot) in shown.enumerated() {
      let x = margin + Double(place % columns) * (cell + gap)
      let y = 98 + Double(place / columns) * (height + 34)
      canvas.text(titles[place], x: x, y: y + 14, size: 12, .ink, room: cell, isBold: true)
      let box = Box(x: x, y: y + 20, width: cell, height: height)
      canvas.plots.append(box)
      panel(snapshot, box, scale, top, size, outline, on: &canvas)
      bottom = box.bottom
    }
    if snapshots.count > most {
      canvas.text("The first \(most) of \(snapshots.count) are shown.", x: margin, y: bottom + 20, size: 11, .muted)
      bottom += 16
    }
    canvas.height = bottom + 16
    return canvas
  }

  private static func panel(
    _ snapshot: MapSnapshot, _ box: Box, _ scale: MapScale, _ top: Int, _ size: Size, _ outline: Outline,
    on canvas: inout Canvas
  ) {
    canvas.rect(box, fill: canvas.theme.surface)
    let projection = MapProjection(snapshot.zones.map(\.zone.coordinates), box: box, hasOutline: !outline.isBritain)
    MapFigure.land(outline, projection, on: &canvas)
    let radii = snapshot.zones.map { radius(size.count($0), top) }
    // Small ones before large ones, so that none is hidden.
    let order = snapshot.zones.indices.sorted { (-radii[$0], $0) < (-radii[$1], $1) }
    for place in order {
      let standing = snapshot.zones[place]
      let spot = projection.point(standing.zone.coordinates)
      canvas.add(
        "<circle cx=\"\(SVG.tenths(spot.x))\" cy=\"\(SVG.tenths(spot.y))\" r=\"\(SVG.tenths(radii[place]))\" "
          + "fill=\"\(canvas.theme.color(scale.ink(standing.intensity)))\" fill-opacity=\"0.9\" "
          + "stroke=\"\(canvas.theme.ink)\" stroke-width=\"0.8\"><title>"
          + "\(SVG.escaped(MapFigure.popup(standing)))</title></circle>")
    }
  }

  /// px; a zone without jobs is a dot.
  private static func radius(_ count: Int, _ top: Int) -> Double {
    count == 0 ? 1.6 : max(2.2, largest * (Double(count) / Double(max(top, 1))).squareRoot())
  }

  private static func legend(_ scale: MapScale, _ top: Int, _ size: Size, on canvas: inout Canvas) {
    var x = 20.0
    let y = 78.0
    let text = "colour: \(scale.legend.label)"
    canvas.text(text, x: x, y: y + 4, size: 12, .ink)
    x += SVG.width(of: text, size: 12) + 12
    canvas.text(scale.legend.low, x: x, y: y + 4, size: 12, .muted)
    x += 14
    for step in 0..<24 {
      canvas.rect(
        Box(x: x + Double(step) * 5, y: y - 6, width: 5.2, height: 12),
        fill: canvas.theme.color(.ramp(Double(step) / 23)))
    }
    x += 126
    canvas.text(scale.legend.high, x: x, y: y + 4, size: 12, .muted)
    x += SVG.width(of: scale.legend.high, size: 12) + 28
    canvas.text("area: \(size.text)", x: x, y: y + 4, size: 12, .ink)
    x += SVG.width(of: "area: \(size.text)", size: 12) + 14
    let shown = [top / 10, top / 2, top].filter { $0 > 0 }
    for (place, count) in shown.enumerated() where !shown[..<place].contains(count) {
      let radius = radius(count, top)
      x += radius
      canvas.add(
        "<circle cx=\"\(SVG.tenths(x))\" cy=\"\(SVG.tenths(y))\" r=\"\(SVG.tenths(radius))\" fill=\"none\" "
          + "stroke=\"\(canvas.theme.ink)\" stroke-width=\"0.8\"/>")
      x += radius + 5
      canvas.text("\(count)", x: x, y: y + 4, size: 12, .muted)
      x += SVG.width(of: "\(count)", size: 12) + 14
    }
    canvas.legends.append(Box(x: 20, y: y - largest, width: min(x, 940) - 20, height: 2 * largest))
  }
}
