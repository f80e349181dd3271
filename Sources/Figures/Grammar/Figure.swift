internal import Foundation

/// An axis along a side of a panel.
public struct Axis: Sendable {
  public var label: String
  /// Written behind the label; empty where there is none.
  public var unit: String
  public var scale: Scale

  public init(_ label: String, unit: String = "", _ scale: Scale) {
    self.label = label
    self.unit = unit
    self.scale = scale
  }

  var text: String { unit.isEmpty ? label : label.isEmpty ? unit : "\(label), \(unit)" }
}

/// Two axes and the marks between them, the later ones before the earlier.
public struct Panel: Sendable {
  /// Title that distinguishes a panel from the others of small multiples.
  public var title: String
  public var x: Axis
  public var y: Axis
  public var marks: [Mark]

  public init(title: String = "", x: Axis, y: Axis, marks: [Mark]) {
    self.title = title
    self.x = x
    self.y = y
    self.marks = marks
  }
}

/// Meaning of a colour or a dash.
public struct LegendEntry: Sendable {
  public enum Symbol: Sendable {
    case line(LineStyle)
    case square
    case dot(isHollow: Bool = false)
  }

  public var text: String
  public var ink: Ink
  public var symbol: Symbol

  public init(_ text: String, _ ink: Ink, _ symbol: Symbol = .square) {
    self.text = text
    self.ink = ink
    self.symbol = symbol
  }
}

/// Meaning of the colours of `Ink.ramp`: 0 is `low`, 1 is `high`.
public struct RampLegend: Sendable {
  public var label: String
  public var low: String
  public var high: String

  public init(_ label: String, low: String, high: String) {
    self.label = label
    self.low = low
    self.high = high
  }
}

/// A chart of one panel or of small multiples, with what explains it.
///
/// Legends stand above the panels, never within them; text is cut to the room there is, and told in full by a
/// `<title>`. The same figure gives the same bytes.
public struct Figure: Sendable {
  public var title: String
  public var subtitle: String
  /// Small, below everything: what was left out, how numbers were made.
  public var note: String
  public var legend: [LegendEntry]
  public var ramp: RampLegend?
  public var panels: [Panel]
  /// Panels side by side.
  public var columns: Int
  /// Height of a panel between its axes, px.
  public var panelHeight: Double
  /// Width of the whole, px.
  public var width: Double
  /// Height of the whole, px; `nil` for the height that follows from ``panelHeight``.
  public var height: Double?
  /// Size of the legend's text, px; all texts keep their proportions to it.
  public var fontSize = Figure.standardFontSize
  /// Draws title and subtitle if true.
  public var hasTitle = true
  /// True if axes are the same in all panels, so that only the outer ones are labelled.
  public var sharesX: Bool
  public var sharesY: Bool

  public init(
    title: String, subtitle: String = "", note: String = "", legend: [LegendEntry] = [], ramp: RampLegend? = nil,
    panels: [Panel], columns: Int = 1, panelHeight: Double = 380, width: Double = 960, sharesX: Bool = true,
    sharesY: Bool = true
  ) {
    self.title = title
    self.subtitle = subtitle
    self.note = note
    self.legend = legend
    self.ramp = ramp
    self.panels = panels
    self.columns = max(1, columns)
    self.panelHeight = panelHeight
    self.width = width
    self.sharesX = sharesX
    self.sharesY = sharesY
  }

  public static let standardFontSize = 12.0

  /// The height in px that the figure needs at least.
  public var leastHeight: Double {
    var figure = self
    figure.width = width / zoom
    figure.columns = figure.columnsThatFit
    return (figure.fitted(height: 0).least * zoom).rounded(.up)
  }

  /// Extends the axes to those of a figure of the same kind, so that the two can be compared side by side.
  ///
  /// Figures with other panels stay as they are.
  public mutating func shareAxes(with other: Figure) {
    guard panels.map(\.title) == other.panels.map(\.title) else { return }
    for (index, panel) in other.panels.enumerated() {
      panels[index].x.scale = panels[index].x.scale.covering(panel.x.scale)
      panels[index].y.scale = panels[index].y.scale.covering(panel.y.scale)
    }
  }

  /// Panels side by side as long as there is room for their labels: where names of the vertical axis would be cut, the
  /// panels stand below each other.
  private var columnsThatFit: Int {
    let names = panels.flatMap { panel -> [String] in
      if case .band(let names) = panel.y.scale { names } else { [] }
    }
    let widest = names.map { SVG.width(of: $0, size: FigureDrawing.tickSize) }.max() ?? 0
    let room = (width - 2 * FigureDrawing.margin) * FigureDrawing.shareOfNames
    return widest > room
      ? 1 : FigureDrawing.columns(self, most: min(columns, max(1, Int(width / 220))), names: widest)
  }

  private var zoom: Double { fontSize / Figure.standardFontSize }

  /// A standalone SVG document.
  ///
  /// - Complexity: O(marks).
  public func svg(_ theme: Theme) -> String { drawn(theme).document }

  /// The document and where everything in it lies.
  func drawn(_ theme: Theme) -> Canvas {
    // Larger texts are a smaller figure, magnified.
    var figure = self
    figure.width = width / zoom
    figure.columns = figure.columnsThatFit
    if let height { figure.panelHeight = figure.fitted(height: height / zoom).panelHeight }
    var canvas = FigureDrawing(figure, theme).canvas
    canvas.zoom = zoom
    if let height { canvas.height = max(canvas.height, height / zoom) }
    return canvas
  }

  /// The height of the panels that makes the whole so high, at least 40 px, and the least height of the whole.
  private func fitted(height: Double) -> (panelHeight: Double, least: Double) {
    let rows = Double((panels.count + columns - 1) / columns)
    guard rows > 0 else { return (panelHeight, 0) }
    var figure = self
    figure.panelHeight = Figure.leastPanelHeight
    let least = FigureDrawing(figure, .light).canvas.height
    return (Figure.leastPanelHeight + max(0, ((height - least) / rows).rounded(.down)), least)
  }

  private static let leastPanelHeight = 40.0
}
