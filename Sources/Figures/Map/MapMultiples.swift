public import Domain

/// Many maps on one page: policies side by side at an instant, or one policy over a day.
///
/// Colours and sizes are those of ``MapFigure``.
public enum MapMultiples {
  /// Largest number of snapshots on a page; if there are more, the first ones are shown.
  static let most = 24
  static let largest = 12.0
  /// px
  public static let standardWidth = 960.0

  /// `maps-policies-<instant>.svg`
  public static func fileName(policiesAt at: Instant) -> String { "maps-policies-\(MapFigure.instant(at)).svg" }

  /// `maps-<policy>-<day>.svg`
  public static func fileName(_ policy: String, dayOf at: Instant) -> String {
    "maps-\(MapFigure.fileSafe(policy))-\(at.compact.prefix(8)).svg"
  }

  /// Policies at one instant; all snapshots are of it and of the same zones.
  public static func policies(
    _ snapshots: [MapSnapshot], labels: [String], scale: MapScale? = nil, width: Double = standardWidth,
    outline: Outline = .builtIn, theme: Theme = .light
  ) -> String {
    let parts = ["Policies side by side", snapshots.first?.at.readable ?? ""] + replication(snapshots)
    return drawn(
      snapshots, titles: labels, title: snapshots.first?.scenario ?? "", subtitle: parts.joined(separator: " · "),
      outline, theme, scale: scale, width: width
    ).document
  }

  /// One policy at several instants.
  public static func day(
    _ snapshots: [MapSnapshot], scale: MapScale? = nil, outline: Outline = .builtIn, theme: Theme = .light
  ) -> String {
    let first = snapshots.first
    let parts = ["\(first?.policy ?? "") over a day"] + replication(snapshots)
    return drawn(
      snapshots, titles: snapshots.map { $0.at.readable }, title: first?.scenario ?? "",
      subtitle: parts.joined(separator: " · "), outline, theme, scale: scale
    ).document
  }

  private static func replication(_ snapshots: [MapSnapshot]) -> [String] {
    [snapshots.first?.replicationText].compactMap { $0 }
  }

  static func drawn(
    _ snapshots: [MapSnapshot], titles: [String], title: String, subtitle: String, _ outline: Outline, _ theme: Theme,
    scale common: MapScale? = nil, width: Double = standardWidth
  ) -> Canvas {
    let shown = Array(snapshots.prefix(most))
    let (margin, gap) = (20.0, 10.0)
    let columns = min(5, max(2, shown.count), max(1, Int((width - margin) / 180)))
    let places = shown.first?.zones.map(\.zone.coordinates) ?? []
    let aspect = MapProjection.aspect(places, hasOutline: !outline.isBuiltIn)
    let cell = (width - 2 * margin - Double(columns - 1) * gap) / Double(columns)
    let height = min(cell * aspect, 520).rounded()
    let scale = common ?? MapScale(shown)
    // Many zones on small maps leave room for small markers alone.
    let largest = max(3, min(largest * cell / 176, 17) * min(1, (40 / Double(max(places.count, 1))).squareRoot()))
    var canvas = Canvas(theme: theme, title: "\(title): \(subtitle)", width: width)
    canvas.text(title, x: margin, y: 34, size: 18, .ink, room: width - 2 * margin, isBold: true)
    canvas.text(subtitle, x: margin, y: 55, size: 13, .muted, room: width - 2 * margin)
    let lift = legend(scale, largest, on: &canvas)
    let origin = Box(x: 0, y: 0, width: cell, height: height)
    let projection = MapProjection(places, box: origin, hasOutline: !outline.isBuiltIn)
    let ground = MapGround(shown.first?.zones.map(\.zone) ?? [], outline, projection)
    let first = shown.first?.zones ?? []
    let isCrowded = first.count > MapFigure.mostNamed
    let spots = isCrowded ? places.map(projection.point) : ground.spots(first.map(\.zone), largest: largest)
    if !shown.isEmpty { ground.define(first, scale, on: &canvas) }
    let numbers = ZoneNumbers(shown, spots, scale, largest: largest, within: origin)
    numbers.define(on: &canvas)
    var bottom = 96 + lift
    for (place, snapshot) in shown.enumerated() {
      let x = margin + Double(place % columns) * (cell + gap)
      let y = 98 + lift + Double(place / columns) * (height + 34)
      canvas.text(titles[place], x: x, y: y + 14, size: 12, .ink, room: cell, isBold: true)
      let box = Box(x: x, y: y + 20, width: cell, height: height)
      canvas.plots.append(box)
      let isSame = zip(snapshot.zones, first).allSatisfy { $0.intensity == $1.intensity }
      ground.use(snapshot.zones, isSame: isSame, scale, at: box, on: &canvas)
      // Below the markers, as lines to numbers begin at their middles.
      numbers.use(at: box, on: &canvas)
      markers(snapshot, spots, box, scale, largest, on: &canvas)
      bottom = box.bottom
    }
    bottom = numbers.key(first.map(\.zone.name), below: bottom, on: &canvas)
    if snapshots.count > most {
      canvas.text("The first \(most) of \(snapshots.count) are shown.", x: margin, y: bottom + 20, size: 11, .muted)
      bottom += 16
    }
    canvas.height = bottom + 16
    return canvas
  }

  private static func markers(
    _ snapshot: MapSnapshot, _ spots: [Spot], _ box: Box, _ scale: MapScale, _ largest: Double,
    on canvas: inout Canvas
  ) {
    // Small ones after large ones, so that none is hidden.
    let order = snapshot.zones.indices.sorted {
      (-snapshot.zones[$0].running, $0) < (-snapshot.zones[$1].running, $1)
    }
    // Rings keep markers visible on areas of their own colour; as one path they take few bytes.
    let rings = order.map { zone in
      let radius = scale.radius(snapshot.zones[zone].running, largest: largest)
      return ring(box.x + spots[zone].x, box.y + spots[zone].y, radius + 1)
    }
    canvas.add(
      "<path d=\"\(rings.joined())\" fill=\"none\" stroke=\"\(canvas.theme.background)\" stroke-width=\"1.8\"/>")
    canvas.add("<g stroke=\"\(canvas.theme.ink)\" stroke-width=\"0.9\">")
    for place in order {
      let standing = snapshot.zones[place]
      let spot = spots[place]
      let radius = scale.radius(standing.running, largest: largest)
      canvas.add(
        MapFigure.circle(
          standing, box.x + spot.x, box.y + spot.y, radius, scale, canvas.theme, stroke: nil,
          title: "\(standing.zone.name): \(standing.running) running, \(standing.assigned) assigned"))
    }
    canvas.add("</g>")
  }

  /// A circle as data of a path.
  private static func ring(_ x: Double, _ y: Double, _ radius: Double) -> String {
    let (r, across) = (SVG.tenths(radius), SVG.tenths(2 * radius))
    return "M\(SVG.tenths(x - radius)) \(SVG.tenths(y))a\(r) \(r) 0 1 0 \(across) 0a\(r) \(r) 0 1 0-\(across) 0"
  }

  /// Returns what it takes below its first line, px: narrow pages have the sizes on a line of their own.
  private static func legend(_ scale: MapScale, _ largest: Double, on canvas: inout Canvas) -> Double {
    let isNarrow = canvas.width < standardWidth
    let lift = isNarrow ? 10 + 2 * largest : 0
    let y = 80.0
    let x = MapLegend.ramp(scale, "", x: 20, y: y, on: &canvas)
    let end = MapLegend.sizes(scale, largest: largest, x: isNarrow ? 20 : x + 20, y: y + lift, on: &canvas)
    if scale.hasOutages { canvas.text("dashed: out of service", x: end + 8, y: y + lift + 4, size: 12, .ink) }
    canvas.legends.append(
      Box(x: 20, y: y - largest, width: min(max(end, x), canvas.width - 20) - 20, height: 2 * largest + lift))
    return lift
  }
}
