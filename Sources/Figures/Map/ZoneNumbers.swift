/// Numbers of the zones on small maps, which have no room for names, and the key that names them.
///
/// They stand at the same places on all maps of a page, beside the largest marker that a zone has there.
struct ZoneNumbers {
  private let labels: [Labels.Label]
  private let markers: [Labels.Marker]

  /// More zones have no numbers: they would cover the map.
  static let most = 40
  private static let size = 9.0
  private static let keySize = 11.0
  private static let gap = 16.0

  /// - Parameters:
  ///   - spots: positions of the zones' markers in the box of one map, px.
  ///   - largest: the radius of the largest marker, px.
  init(_ snapshots: [MapSnapshot], _ spots: [Spot], _ scale: MapScale, largest: Double, within box: Box) {
    let count = snapshots.first?.zones.count ?? 0
    guard (2...ZoneNumbers.most).contains(count), spots.count == count else {
      (labels, markers) = ([], [])
      return
    }
    markers = spots.enumerated().map { zone, spot in
      let running = snapshots.map { $0.zones[zone].running }.max() ?? 0
      // A number may come nearer than a name does.
      let radius = max(scale.radius(running, largest: largest) - 3, 0.5)
      return Labels.Marker(x: spot.x, y: spot.y, radius: radius, text: "\(zone + 1)")
    }
    labels = Labels.place(
      markers, taken: [], size: ZoneNumbers.size,
      canvas: Box(x: box.x + 2, y: box.y + 2, width: box.width - 4, height: box.height - 4))
  }

  /// Defines the numbers as shapes that ``use(at:on:)`` draws.
  func define(on canvas: inout Canvas) {
    guard !labels.isEmpty else { return }
    let theme = canvas.theme
    canvas.add("<defs><g id=\"numbers\" font-size=\"\(SVG.number(ZoneNumbers.size))\" fill=\"\(theme.ink)\">")
    for (marker, label) in zip(markers, labels) where label.isFar {
      let end = label.leader(marker)
      canvas.line(x1: marker.x, y1: marker.y, x2: end.x, y2: end.y, theme.muted, width: 0.6)
    }
    func texts() {
      for (marker, label) in zip(markers, labels) {
        canvas.add(
          "<text x=\"\(SVG.tenths(label.box.x))\" y=\"\(SVG.tenths(label.box.y + 11))\">\(marker.text)</text>")
      }
    }
    // Halos are texts of their own: not every renderer knows `paint-order`.
    canvas.add(
      "<g stroke=\"\(theme.background)\" stroke-width=\"2.4\" stroke-linejoin=\"round\" aria-hidden=\"true\">")
    texts()
    canvas.add("</g>")
    texts()
    canvas.add("</g></defs>")
  }

  func use(at box: Box, on canvas: inout Canvas) {
    guard !labels.isEmpty else { return }
    canvas.add("<use href=\"#numbers\" x=\"\(SVG.tenths(box.x))\" y=\"\(SVG.tenths(box.y))\"/>")
  }

  /// Draws the names of the numbers in columns; returns where they end, px.
  func key(_ names: [String], below top: Double, on canvas: inout Canvas) -> Double {
    guard !labels.isEmpty else { return top }
    let size = ZoneNumbers.keySize
    let texts = names.enumerated().map { "\($0.offset + 1) \(SVG.fitted($0.element, width: 150, size: size).shown)" }
    let cell = (texts.map { SVG.width(of: $0, size: size) }.max() ?? 0) + ZoneNumbers.gap
    let across = max(1, Int((canvas.width - 40) / cell))
    let rows = (texts.count + across - 1) / across
    let columns = (texts.count + rows - 1) / rows
    for (place, text) in texts.enumerated() {
      canvas.text(
        text, x: 20 + Double(place % columns) * cell, y: top + 20 + Double(place / columns) * 16, size: size, .ink)
    }
    return top + 8 + Double(rows) * 16
  }
}
