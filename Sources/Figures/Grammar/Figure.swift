internal import Foundation

/// What stands along a side of a panel.
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
  /// Of small multiples: what tells this one from the others.
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

/// What a colour or a dash means.
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

/// What the colours of `Ink.ramp` mean: 0 is `low`, 1 is `high`.
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
  /// Of a panel between its axes, px.
  public var panelHeight: Double
  /// Of the whole, px.
  public var width: Double
  /// Whether axes are the same in all panels, so that only the outer ones are labelled.
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

  /// A standalone SVG document.
  ///
  /// - Complexity: O(marks).
  public func svg(_ theme: Theme) -> String { drawn(theme).document }

  /// The document and where everything in it lies.
  func drawn(_ theme: Theme) -> Canvas { FigureDrawing(self, theme).canvas }
}
