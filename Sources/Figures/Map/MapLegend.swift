/// The legend below a map.
struct MapLegend {
  let scale: MapScale
  let ground: MapGround
  let largest: Double
  let hasNames: Bool

  /// Draws it so that it covers nothing; returns where it ends.
  func draw(below box: Box, on canvas: inout Canvas) -> Double {
    let left = 24.0
    let top = box.bottom + 10
    let size = 12.0
    var x = MapLegend.ramp(scale, ground.areas != nil ? "areas, markers: " : "", x: left, y: top + 8, on: &canvas)
    if ground.hasEmptyAreas {
      x += 18
      canvas.rect(
        Box(x: x, y: top + 2, width: 14, height: 11), fill: canvas.theme.land, stroke: canvas.theme.coast)
      canvas.text("no zone", x: x + 20, y: top + 12, size: size, .muted)
    }
    let second = top + 22 + max(largest, 8)
    x = MapLegend.sizes(scale, largest: largest, x: left, y: second, on: &canvas)
    if scale.hasOutages { x = outage(x: x + 8, y: second, on: &canvas) }
    var bottom = second + max(largest, 8) + 4
    if hasNames {
      let text = "number beside a name: carbon intensity"
      let isRoom = x + 8 + SVG.width(of: text, size: size) <= canvas.width - left
      if !isRoom { bottom += 18 }
      canvas.text(
        text, x: isRoom ? canvas.width - left : left, y: isRoom ? second + 4 : bottom - 6, size: size, .muted,
        alignment: isRoom ? 1 : 0)
    }
    canvas.legends.append(Box(x: left, y: top, width: canvas.width - 2 * left, height: bottom - top))
    return bottom + 10
  }

  private func outage(x: Double, y: Double, on canvas: inout Canvas) -> Double {
    let theme = canvas.theme
    canvas.add(
      "<circle cx=\"\(SVG.tenths(x + 7))\" cy=\"\(SVG.tenths(y))\" r=\"6\" fill=\"\(theme.background)\" "
        + "stroke=\"\(theme.ink)\" stroke-width=\"1.3\" stroke-dasharray=\"3 1.7\"/>"
        + MapFigure.cross(x + 7, y, 6, theme))
    canvas.text("out of service", x: x + 19, y: y + 4, size: 12, .ink)
    return x + 19 + SVG.width(of: "out of service", size: 12) + 16
  }

  /// The colours of the carbon intensity; returns where it ends.
  static func ramp(_ scale: MapScale, _ head: String, x left: Double, y: Double, on canvas: inout Canvas) -> Double {
    var x = left
    func write(_ text: String, _ ink: Ink) {
      canvas.text(text, x: x, y: y + 4, size: 12, ink)
      x += SVG.width(of: text, size: 12) + 8
    }
    write("\(head)carbon intensity", .ink)
    write("0", .muted)
    let steps = 24
    for step in 0..<steps {
      canvas.rect(
        Box(x: x + Double(step) * 6, y: y - 6, width: 6.2, height: 12),
        fill: canvas.theme.color(.intensity(Double(step) / Double(steps - 1))))
    }
    x += Double(steps) * 6 + 8
    write("\(Figures.text(scale.top, 0)) gCO₂/kWh", .muted)
    return x
  }

  /// Circles of some numbers of jobs; returns where they end.
  static func sizes(
    _ scale: MapScale, largest: Double, x left: Double, y: Double, on canvas: inout Canvas
  ) -> Double {
    var x = left
    canvas.text("jobs running", x: x, y: y + 4, size: 12, .ink)
    x += SVG.width(of: "jobs running", size: 12) + 12
    for (place, count) in ([0] + scale.sizes).enumerated() where place == 0 || count > 0 {
      let radius = scale.radius(count, largest: largest)
      x += radius
      canvas.add(
        "<circle cx=\"\(SVG.tenths(x))\" cy=\"\(SVG.tenths(y))\" r=\"\(SVG.tenths(radius))\" fill=\"none\" "
          + "stroke=\"\(canvas.theme.ink)\" stroke-width=\"1.3\"/>")
      x += radius + 5
      let text = Figures.text(Double(count), 0)
      canvas.text(text, x: x, y: y + 4, size: 12, .muted)
      x += SVG.width(of: text, size: 12) + 12
    }
    return x
  }
}
