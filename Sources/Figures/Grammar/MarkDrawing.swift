internal import Foundation

/// Draws marks between the axes; labels come last, when everything that they must keep off is known.
struct MarkDrawing {
  let plot: Box
  private(set) var x: PlacedScale
  let y: PlacedScale
  let theme: Theme
  private var ends: [(label: String, y: Double, ink: Ink)] = []
  /// Boxes of intervals, which labels avoid.
  private var bars: [Box] = []
  private var besides: [(text: String, y: Double, ink: Ink)] = []
  private var dots: [(label: String?, marker: Labels.Marker)] = []

  init(plot: Box, x: PlacedScale, y: PlacedScale, theme: Theme) {
    self.plot = plot
    self.x = x
    self.y = y
    self.theme = theme
  }

  mutating func draw(_ mark: Mark, on canvas: inout Canvas) {
    switch mark {
    case .line(let points, let ink, let style, let label):
      canvas.add(line(points, theme.color(ink), style))
      if let label, let last = points.last(where: { !$0.isGap }) { ends.append((label, y.place(last.y), ink)) }
    case .area(let extents, let ink, let opacity, let isStepped):
      guard let path = area(extents, isStepped) else { return }
      let veil = opacity < 1 ? " fill-opacity=\"\(SVG.number(opacity))\"" : ""
      let edge = opacity < 1 ? "" : " stroke=\"\(theme.background)\" stroke-width=\"0.2\""
      canvas.add("<path d=\"\(path)\" fill=\"\(theme.color(ink))\"\(veil)\(edge)/>")
    case .bars(let tiles):
      for tile in tiles { canvas.rect(box(tile), fill: theme.color(tile.ink), title: tile.title) }
    case .cells(let tiles): cells(tiles, on: &canvas)
    case .dots(let dots): draw(dots, on: &canvas)
    case .intervals(let intervals, let ink):
      let path = intervals.map(interval).joined()
      if !path.isEmpty {
        let width = ink == .faint ? "1" : "1.6"
        canvas.add("<path d=\"\(path)\" stroke=\"\(theme.color(ink))\" stroke-width=\"\(width)\" fill=\"none\"/>")
      }
      bars += intervals.map { bar in
        let (x1, x2) = (x.place(bar.from.x), x.place(bar.to.x))
        let (y1, y2) = (y.place(bar.from.y), y.place(bar.to.y))
        return Box(x: min(x1, x2), y: min(y1, y2), width: abs(x2 - x1), height: abs(y2 - y1)).grown(by: 1)
      }
    case .dodged(let dodge, let marks):
      let before = x
      x = x.moved(by: dodge.offset(dodge.places.map(x.place)))
      for mark in marks { draw(mark, on: &canvas) }
      x = before
    case .rule(let across, let down, let ink):
      if let across {
        let place = x.place(across)
        canvas.line(x1: place, y1: plot.y, x2: place, y2: plot.bottom, theme.color(ink))
      }
      if let down {
        let place = y.place(down)
        canvas.line(x1: plot.x, y1: place, x2: plot.right, y2: place, theme.color(ink))
      }
    case .beside(let text, let at, let ink): besides.append((text, y.place(at), ink))
    case .number(let text, let at, let ink):
      canvas.text(text, x: x.place(at.x), y: y.place(at.y) + 4, size: FigureDrawing.tickSize, ink, alignment: 0.5)
    case .text(let text, let at, let ink, let alignment, let gap):
      // Never beyond the edge of the canvas.
      let width = SVG.width(of: text, size: FigureDrawing.tickSize)
      let wanted = x.place(at.x) + (alignment == 0 ? gap : alignment == 1 ? -gap : 0) - alignment * width
      let left = max(4, min(wanted, canvas.width - 4 - width))
      canvas.text(
        text, x: left + alignment * width, y: y.place(at.y) + 4, size: FigureDrawing.tickSize, ink,
        alignment: alignment, halo: true)
    }
  }

  private func line(_ points: [Point], _ color: String, _ style: LineStyle) -> String {
    var path = PathText()
    for point in points {
      guard !point.isGap else {
        path.lift()
        continue
      }
      path.go(x.place(point.x), y.place(point.y), isStepped: style.isStepped)
    }
    return "<path d=\"\(path.text)\" stroke=\"\(color)\" stroke-width=\"\(SVG.number(style.width))\" "
      + "stroke-linejoin=\"round\" fill=\"none\"\(style.dashes)/>"
  }

  private func area(_ extents: [Mark.Extent], _ isStepped: Bool) -> String? {
    guard !extents.isEmpty else { return nil }
    var path = PathText()
    for extent in extents { path.go(x.place(extent.x), y.place(extent.high), isStepped: isStepped) }
    // Points within a level stretch of the lower edge say nothing.
    let back = extents.indices.reversed().filter { place in
      !isStepped || place == 0 || place == extents.count - 1 || extents[place - 1].low != extents[place].low
        || extents[place + 1].low != extents[place].low
    }
    for (place, extent) in back.map({ extents[$0] }).enumerated() {
      // Back along the lower edge, where a value holds from its x on: down first, then to the left.
      path.go(x.place(extent.x), y.place(extent.low), isStepped: isStepped && place > 0, alongYFirst: true)
    }
    return path.text + "z"
  }

  private func box(_ tile: Mark.Tile) -> Box {
    let (left, right) = (x.place(tile.x.lowerBound), x.place(tile.x.upperBound))
    let (top, bottom) = (y.place(tile.y.lowerBound), y.place(tile.y.upperBound))
    return Box(x: min(left, right), y: min(top, bottom), width: abs(right - left), height: abs(bottom - top))
  }

  /// One path a colour, neighbours in a row joined: a fraction of the bytes of a rectangle a cell.
  private func cells(_ tiles: [Mark.Tile], on canvas: inout Canvas) {
    var order: [String] = []
    var paths: [String: String] = [:]
    var place = 0
    while place < tiles.count {
      let color = theme.color(tiles[place].ink)
      var run = box(tiles[place])
      place += 1
      while place < tiles.count, theme.color(tiles[place].ink) == color {
        let next = box(tiles[place])
        guard next.y == run.y, next.height == run.height, abs(next.x - run.right) < 0.01 else { break }
        run.width = next.right - run.x
        place += 1
      }
      if paths[color] == nil { order.append(color) }
      paths[color, default: ""] +=
        "M\(SVG.tenths(run.x)) \(SVG.tenths(run.y))H\(SVG.tenths(run.right))V\(SVG.tenths(run.y + run.height))"
        + "H\(SVG.tenths(run.x))z"
    }
    // Edges in figures of the page, which neighbours share to the digit, and whole pixels: no gap shines through between neighbours.
    canvas.add("<g shape-rendering=\"crispEdges\">")
    for color in order { canvas.add("<path d=\"\(paths[color] ?? "")\" fill=\"\(color)\"/>") }
    canvas.add("</g>")
  }

  private mutating func draw(_ dots: [Mark.Dot], on canvas: inout Canvas) {
    for dot in dots where !dot.at.isGap {
      let (x, y) = (x.place(dot.at.x), y.place(dot.at.y))
      canvas.add(
        PanelDrawing.circle(
          x: x, y: y, radius: dot.radius, color: theme.color(dot.ink), isHollow: dot.isHollow, theme: theme,
          edge: dot.ink.isRamp ? theme.muted : nil, title: dot.title))
      let shown = dot.label.map { SVG.fitted($0, width: labelRoom, size: FigureDrawing.tickSize).shown }
      self.dots.append((dot.label, Labels.Marker(x: x, y: y, radius: dot.radius, text: shown ?? "")))
    }
  }

  /// The room of a dot's label, px: names of policies that share a dot stand in one label.
  private var labelRoom: Double { max(220, min(420, plot.width * 0.6)) }

  private func interval(_ interval: Mark.Interval) -> String {
    let (x1, y1) = (x.place(interval.from.x), y.place(interval.from.y))
    let (x2, y2) = (x.place(interval.to.x), y.place(interval.to.y))
    let (dx, dy) = abs(y2 - y1) > abs(x2 - x1) ? (4.0, 0.0) : (0, 4)
    func stroke(_ a: (Double, Double), _ b: (Double, Double)) -> String {
      "M\(SVG.tenths(a.0)) \(SVG.tenths(a.1))L\(SVG.tenths(b.0)) \(SVG.tenths(b.1))"
    }
    return stroke((x1, y1), (x2, y2)) + stroke((x1 - dx, y1 - dy), (x1 + dx, y1 + dy))
      + stroke((x2 - dx, y2 - dy), (x2 + dx, y2 + dy))
  }

  /// The gap between the panel and a column of texts, px: beyond the markers at the end of the axis.
  static let besideGap = 12.0

  /// Labels of dots and of the ends of lines, and the column beside the panel.
  mutating func write(on canvas: inout Canvas, right: Double) {
    let labelled = dots.filter { $0.label != nil }
    let taken = dots.filter { $0.label == nil }.map(\.marker.box) + bars
    let placed = Labels.place(
      labelled.map(\.marker), taken: taken, size: FigureDrawing.tickSize,
      canvas: Box(x: plot.x, y: plot.y, width: plot.width + right - 6, height: plot.height))
    for (dot, label) in zip(labelled, placed) where label.isFar {
      let end = label.leader(dot.marker)
      canvas.line(x1: dot.marker.x, y1: dot.marker.y, x2: end.x, y2: end.y, theme.faint)
    }
    for (dot, label) in zip(labelled, placed) {
      canvas.text(
        dot.label ?? "", x: label.isBefore ? label.box.right : label.box.x, y: label.box.y + 12,
        size: FigureDrawing.tickSize, .ink, alignment: label.isBefore ? 1 : 0, room: labelRoom, halo: true)
    }
    let widest = besides.map { SVG.width(of: $0.text, size: FigureDrawing.tickSize) }.max() ?? 0
    let column = min(widest, max(right - MarkDrawing.besideGap, 20))
    for beside in besides {
      canvas.text(
        beside.text, x: plot.right + MarkDrawing.besideGap + column, y: beside.y + 4, size: FigureDrawing.tickSize,
        beside.ink, alignment: 1, room: column)
    }
    let heights = Labels.apart(ends.map(\.y), gap: 14, within: plot.y...plot.bottom)
    for (end, height) in zip(ends, heights) {
      canvas.line(x1: plot.right + 1, y1: end.y, x2: plot.right + 9, y2: height, theme.color(end.ink))
      canvas.text(
        end.label, x: plot.right + 12, y: height + 4, size: FigureDrawing.labelSize, .ink, room: max(right - 14, 20))
    }
  }
}

/// A path in tenths of a pixel, each point told from the one before: half the bytes, and no rounding adds up.
struct PathText {
  private(set) var text = ""
  private var last: (x: Int, y: Int)?

  /// The next point begins anew.
  mutating func lift() { last = nil }

  /// - Parameter isStepped: goes along x first, then along y, or the other way round.
  mutating func go(_ x: Double, _ y: Double, isStepped: Bool = false, alongYFirst: Bool = false) {
    let next = (x: Int((x * 10).rounded()), y: Int((y * 10).rounded()))
    guard let last else {
      text += "M\(SVG.tenths(x)) \(SVG.tenths(y))"
      self.last = next
      return
    }
    let (across, down) = (next.x - last.x, next.y - last.y)
    self.last = next
    if isStepped || across == 0 || down == 0 {
      let parts = [across != 0 ? "h\(PathText.number(across))" : "", down != 0 ? "v\(PathText.number(down))" : ""]
      text += alongYFirst ? parts[1] + parts[0] : parts[0] + parts[1]
      return
    }
    text += "l\(PathText.number(across))\(down < 0 ? "" : " ")\(PathText.number(down))"
  }

  private static func number(_ tenths: Int) -> String {
    let rest = abs(tenths) % 10
    let whole = abs(tenths) / 10
    return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole == 0 ? "" : "\(whole)").\(rest)")
  }
}
