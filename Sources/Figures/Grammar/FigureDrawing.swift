internal import Foundation

/// Lays a figure out from the top down and draws it.
struct FigureDrawing {
  private(set) var canvas: Canvas
  private let figure: Figure
  private let theme: Theme

  static let margin = 20.0
  static let tickSize = 11.0
  static let labelSize = 11.5
  /// Largest share of the width for the names on a vertical axis, if there are several panels.
  static let shareOfNames = 0.28
  /// Between panels side by side, px: labels at the ends of two axes that follow each other do not touch.
  private var gapAcross: Double { FigureDrawing.gapAcross(figure) }

  private static func gapAcross(_ figure: Figure) -> Double { figure.sharesY ? 32 : 22 }

  private static let gapDown = 16.0

  init(_ figure: Figure, _ theme: Theme) {
    self.figure = figure
    self.theme = theme
    canvas = Canvas(theme: theme, title: figure.title, width: figure.width)
    var y = header()
    y = legend(from: y)
    y = panels(from: y + 6)
    y = note(from: y)
    canvas.height = (y + 12).rounded(.up)
  }

  private var inner: Double { figure.width - 2 * FigureDrawing.margin }

  /// Title and subtitle; returns where they end.
  private mutating func header() -> Double {
    guard figure.hasTitle else { return 14 }
    var y = 10.0
    // Bold letters are wider by about a tenth.
    for line in Canvas.wrapped(figure.title, width: inner / 1.1, size: 18, most: 2) {
      y += 22
      canvas.text(line, x: FigureDrawing.margin, y: y, size: 18, .ink, room: inner, isBold: true)
    }
    y = max(y, 32) + 6
    for line in Canvas.wrapped(figure.subtitle, width: inner, size: 12.5, most: 3) {
      y += 16
      canvas.text(line, x: FigureDrawing.margin, y: y, size: 12.5, .muted, room: inner)
    }
    return y + 9
  }

  /// Entries side by side in columns, as many rows as they need, and the ramp; returns where they end.
  private mutating func legend(from top: Double) -> Double {
    var y = top
    let entries = figure.legend
    if !entries.isEmpty {
      let widest = entries.map { SVG.width(of: $0.text, size: 12) }.max() ?? 0
      let cell = min(widest + 44, max(250, inner / Double(entries.count)))
      let across = max(1, Int(inner / cell))
      // Even rows read better than a full one and a rest.
      let rows = (entries.count + across - 1) / across
      let columns = (entries.count + rows - 1) / rows
      canvas.legends.append(
        Box(x: FigureDrawing.margin, y: y, width: Double(columns) * cell, height: Double(rows) * 18))
      for (place, entry) in entries.enumerated() {
        let x = FigureDrawing.margin + Double(place % columns) * cell
        draw(entry, x: x, y: y + Double(place / columns) * 18 + 9, room: cell - 40)
      }
      y += Double(rows) * 18 + 4
    }
    if let ramp = figure.ramp { y = draw(ramp, y: y) }
    return y
  }

  private mutating func draw(_ entry: LegendEntry, x: Double, y: Double, room: Double) {
    let color = theme.color(entry.ink)
    switch entry.symbol {
    case .square: canvas.rect(Box(x: x + 4, y: y - 5.5, width: 16, height: 11), fill: color)
    case .dot(let isHollow):
      canvas.add(PanelDrawing.circle(x: x + 12, y: y, radius: 4.5, color: color, isHollow: isHollow, theme: theme))
    case .line(let style):
      canvas.add(
        "<path d=\"M\(SVG.tenths(x)) \(SVG.tenths(y))h24\" stroke=\"\(color)\" stroke-width=\"2\" "
          + "fill=\"none\"\(style.dashes)/>")
    }
    canvas.text(entry.text, x: x + 29, y: y + 4, size: 12, .ink, room: room)
  }

  private mutating func draw(_ ramp: RampLegend, y: Double) -> Double {
    var x = FigureDrawing.margin
    let (low, high) = (SVG.width(of: ramp.low, size: 12), SVG.width(of: ramp.high, size: 12))
    let label = SVG.width(of: ramp.label, size: 12)
    canvas.text(ramp.label, x: x, y: y + 13, size: 12, .ink, room: inner)
    // In narrow figures the scale and its ends stand below the label, and the scale gives way.
    let isBeside = label + low + high + 30 + 96 <= inner
    let top = y
    let y = isBeside ? y : y + 18
    x += isBeside ? label + 14 : 0
    let bar = min(192, max(48, inner - low - high - 30 - (isBeside ? label : 0)))
    canvas.text(ramp.low, x: x, y: y + 13, size: 12, .muted)
    x += low + 8
    let steps = 32
    for step in 0..<steps {
      canvas.rect(
        Box(x: x + Double(step) * bar / Double(steps), y: y + 3, width: bar / Double(steps) + 0.2, height: 12),
        fill: theme.color(.ramp(Double(step) / Double(steps - 1))))
    }
    x += bar + 8
    canvas.text(ramp.high, x: x, y: y + 13, size: 12, .muted)
    canvas.legends.append(
      Box(
        x: FigureDrawing.margin, y: top, width: max(x + high - FigureDrawing.margin, isBeside ? 0 : min(label, inner)),
        height: y + 18 - top))
    return y + 22
  }

  private mutating func note(from top: Double) -> Double {
    var y = top
    for line in Canvas.wrapped(figure.note, width: inner, size: 11, most: 6) {
      y += 15
      canvas.text(line, x: FigureDrawing.margin, y: y, size: 11, .muted, room: inner)
    }
    return y
  }

  // MARK: Panels

  private mutating func panels(from top: Double) -> Double {
    guard !figure.panels.isEmpty else {
      canvas.text("There is nothing to draw.", x: FigureDrawing.margin, y: top + 40, size: 14, .muted)
      return top + 60
    }
    let columns = min(figure.columns, figure.panels.count)
    let labels = tickRoom
    // The last label of an axis reaches beyond it.
    let right = endRoom
    let labelled = figure.sharesY ? 1 : columns
    let width =
      (inner - Double(labelled) * labels - Double(columns) * right - Double(columns - 1) * gapAcross)
      / Double(columns)
    let hasTitles = figure.panels.contains { !$0.title.isEmpty }
    let rows = (figure.panels.count + columns - 1) / columns
    var y = top
    var bottom = top
    for row in 0..<rows {
      let own = figure.panels[row * columns..<min((row + 1) * columns, figure.panels.count)]
      let hasLabels = (row == 0 || !figure.sharesY) && own.contains { !$0.y.text.isEmpty }
      let plotTop = y + (hasTitles ? 18 : 0) + (hasLabels ? 17 : 0) + 4
      for column in 0..<columns where row * columns + column < figure.panels.count {
        let place = row * columns + column
        let panel = figure.panels[place]
        let before = figure.sharesY ? labels : Double(column + 1) * labels
        let x = FigureDrawing.margin + before + Double(column) * (width + right + gapAcross)
        let isLowest = !figure.sharesX || place + columns >= figure.panels.count
        let drawing = PanelDrawing(
          panel: panel, plot: Box(x: x, y: plotTop, width: width, height: figure.panelHeight), theme: theme,
          left: labels, right: right + (column == columns - 1 ? FigureDrawing.margin : gapAcross),
          labelsX: isLowest, labelsY: column == 0 || !figure.sharesY, tellsY: row == 0 || !figure.sharesY,
          titleLift: hasLabels)
        bottom = max(bottom, drawing.draw(on: &canvas))
      }
      y = (figure.sharesX && row < rows - 1 ? plotTop + figure.panelHeight : bottom) + FigureDrawing.gapDown
    }
    return bottom + 6
  }

  /// Room for the widest label of a vertical axis, px.
  private var tickRoom: Double {
    let widest =
      figure.panels.map { panel in
        let scale = PlacedScale(panel.y.scale, from: figure.panelHeight, to: 0, isHorizontal: false)
        return scale.ticks.map { SVG.width(of: $0.label, size: FigureDrawing.tickSize) }.max() ?? 0
      }.max() ?? 0
    // In narrow figures names are worth more than the width of the panel.
    let most = figure.columns > 1 ? 0 : min(inner * 0.45, 180)
    return min(widest, max(inner * FigureDrawing.shareOfNames, most)) + 10
  }

  /// Room for the labels at the ends of lines, px; at least half the width of a tick label.
  private var endRoom: Double {
    let widest = figure.panels.flatMap(\.marks).reduce(0.0) { widest, mark in
      guard case .line(_, _, _, let label?) = mark else { return widest }
      return max(widest, SVG.width(of: label, size: FigureDrawing.labelSize))
    }
    let most = figure.columns > 1 ? 0 : min(inner * 0.4, 180)
    return max(widest > 0 ? min(widest, max(inner * 0.25, most)) + 14 : 12, FigureDrawing.besideRoom(figure))
  }

  /// The width of the column of texts beside a panel, px; 0 without one.
  private static func besideRoom(_ figure: Figure) -> Double {
    let widest = figure.panels.flatMap(\.marks).reduce(0.0) { widest, mark in
      guard case .beside(let text, _, _) = mark else { return widest }
      return max(widest, SVG.width(of: text, size: tickSize))
    }
    return widest > 0 ? min(widest, (figure.width - 2 * margin) * 0.3) + MarkDrawing.besideGap + 2 : 0
  }

  /// So many panels side by side that each keeps some width beside a column of texts.
  ///
  /// - Parameters:
  ///   - most: panels side by side.
  ///   - names: the width of the widest name of a vertical axis, px.
  static func columns(_ figure: Figure, most: Int, names: Double) -> Int {
    let beside = besideRoom(figure)
    guard beside > 0 else { return most }
    let inner = figure.width - 2 * margin
    return (1...max(most, 1)).last { columns in
      let count = Double(columns)
      let labels = (min(names, inner * shareOfNames) + 10) * (figure.sharesY ? 1 : count)
      return (inner - labels - count * beside - (count - 1) * gapAcross(figure)) / count >= leastPlot
    } ?? 1
  }

  /// px
  private static let leastPlot = 70.0
}
