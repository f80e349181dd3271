internal import Foundation

/// Draws one panel: grid and axes, then its marks.
struct PanelDrawing {
  let panel: Panel
  let plot: Box
  let theme: Theme
  /// Free space beside the plot for labels, px.
  let left: Double
  let right: Double
  let labelsX: Bool
  let labelsY: Bool
  let tellsY: Bool
  /// True if the labels of axes in this row stand between title and plot.
  let titleLift: Bool

  private var x: PlacedScale {
    PlacedScale(
      panel.x.scale, from: plot.x, to: plot.right, isHorizontal: true, labelSize: FigureDrawing.tickSize)
  }

  /// Values go up, names go down as they are read.
  private var y: PlacedScale {
    if case .band = panel.y.scale {
      return PlacedScale(panel.y.scale, from: plot.y, to: plot.bottom, isHorizontal: false)
    }
    return PlacedScale(panel.y.scale, from: plot.bottom, to: plot.y, isHorizontal: false)
  }

  /// Returns where it ends, px.
  func draw(on canvas: inout Canvas) -> Double {
    let (x, y) = (x, y)
    canvas.plots.append(plot)
    axes(x, y, on: &canvas)
    var drawing = MarkDrawing(plot: plot, x: x, y: y, theme: theme)
    for mark in panel.marks { drawing.draw(mark, on: &canvas) }
    drawing.write(on: &canvas, right: right)
    var bottom = plot.bottom
    if labelsX {
      bottom += 18
      if !panel.x.text.isEmpty {
        bottom += 15
        canvas.text(
          panel.x.text, x: plot.x + plot.width / 2, y: bottom, size: FigureDrawing.labelSize, .muted, alignment: 0.5,
          room: plot.width + min(left, right) - 8)
        bottom += 4
      }
    }
    return bottom
  }

  private func axes(_ x: PlacedScale, _ y: PlacedScale, on canvas: inout Canvas) {
    let size = FigureDrawing.tickSize
    var grid = ""
    if case .band = panel.x.scale {
    } else {
      for tick in x.ticks {
        grid += "M\(SVG.tenths(x.place(tick.value))) \(SVG.tenths(plot.y))v\(SVG.tenths(plot.height))"
      }
    }
    if case .band = panel.y.scale {
    } else {
      for tick in y.ticks {
        grid += "M\(SVG.tenths(plot.x)) \(SVG.tenths(y.place(tick.value)))h\(SVG.tenths(plot.width))"
      }
    }
    if !grid.isEmpty { canvas.add("<path d=\"\(grid)\" stroke=\"\(theme.grid)\" fill=\"none\"/>") }
    if labelsX {
      for tick in x.ticks {
        let room = labelRoom(x)
        let width = min(SVG.width(of: tick.label, size: size), room)
        // Labels at the ends stay within what is free.
        let lowest = plot.x - (labelsY ? left : 14) + width / 2
        let middle = max(lowest, min(x.place(tick.value), plot.right + min(right, 14) - width / 2))
        canvas.text(tick.label, x: middle, y: plot.bottom + 15, size: size, .muted, alignment: 0.5, room: room)
      }
    }
    if labelsY {
      for tick in y.ticks {
        canvas.text(
          tick.label, x: plot.x - 6, y: y.place(tick.value) + size * 0.35, size: size, .muted, alignment: 1,
          room: left - 8)
      }
      if tellsY {
        canvas.text(
          panel.y.text, x: plot.x - left + 4, y: plot.y - 9, size: FigureDrawing.labelSize, .muted,
          room: plot.width + left)
      }
    }
    canvas.text(
      panel.title, x: plot.x, y: plot.y - (titleLift ? 26 : 7), size: 12, .ink, room: plot.width + 10, isBold: true)
  }

  /// Room for a label of the horizontal axis, px.
  private func labelRoom(_ x: PlacedScale) -> Double {
    guard case .band = panel.x.scale, x.ticks.count > 1 else { return plot.width + left }
    return x.place(x.ticks[1].value) - x.place(x.ticks[0].value) - 6
  }

  static func circle(
    x: Double, y: Double, radius: Double, color: String, isHollow: Bool, theme: Theme, edge: String? = nil,
    title: String? = nil
  ) -> String {
    let shape =
      "<circle cx=\"\(SVG.tenths(x))\" cy=\"\(SVG.tenths(y))\" r=\"\(SVG.tenths(radius))\" "
      + (isHollow
        ? "fill=\"\(theme.background)\" stroke=\"\(color)\" stroke-width=\"2\""
        : "fill=\"\(color)\" stroke=\"\(edge ?? theme.background)\" stroke-width=\"1\"")
    return title.map { "\(shape)><title>\(SVG.escaped($0))</title></circle>" } ?? shape + "/>"
  }
}
