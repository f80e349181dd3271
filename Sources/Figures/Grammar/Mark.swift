/// A place in the units of a panel's axes.
public struct Point: Sendable, Hashable {
  public var x: Double
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// Where a line is interrupted.
  public static let gap = Point(.nan, .nan)
  var isGap: Bool { !x.isFinite || !y.isFinite }
}

/// How a line is drawn.
public struct LineStyle: Sendable, Hashable {
  /// px
  public var width: Double
  /// 0 whole, 1 dashed, 2 dotted, 3 both; goes on with 0.
  public var dash: Int
  /// Whether a value holds until the next one.
  public var isStepped: Bool

  public init(width: Double = 1.6, dash: Int = 0, isStepped: Bool = false) {
    self.width = width
    self.dash = dash
    self.isStepped = isStepped
  }

  var dashes: String {
    switch dash % 4 {
    case 1: " stroke-dasharray=\"6 3\""
    case 2: " stroke-dasharray=\"2 2.5\""
    case 3: " stroke-dasharray=\"8 3 2 3\""
    default: ""
    }
  }
}

/// What a value is drawn as. Positions are in the units of the axes, sizes in px.
public enum Mark: Sendable {
  /// Through points; a gap interrupts it. Its label stands to the right of the panel at the height of its end.
  case line([Point], Ink, LineStyle = LineStyle(), label: String? = nil)
  /// Between two heights at each x.
  case area([Extent], Ink, opacity: Double = 1, isStepped: Bool = false)
  case bars([Tile])
  /// Touching rectangles: neighbours of one colour are drawn as one, and have no title.
  case cells([Tile])
  case dots([Dot])
  case intervals([Interval], Ink)
  /// A line across the panel at a value of y, or down it at one of x.
  case rule(x: Double? = nil, y: Double? = nil, Ink)
  /// A text that starts, ends (`alignment` 1) or has its middle (½) at a place.
  case text(String, at: Point, Ink, alignment: Double = 0)

  /// A text with its middle at a place, on a mark: without a halo.
  case number(String, at: Point, Ink)

  /// Low and high at an x.
  public struct Extent: Sendable, Hashable {
    public var x: Double
    public var low: Double
    public var high: Double

    public init(x: Double, low: Double, high: Double) {
      self.x = x
      self.low = low
      self.high = high
    }
  }

  /// A rectangle.
  public struct Tile: Sendable, Hashable {
    public var x: ClosedRange<Double>
    public var y: ClosedRange<Double>
    public var ink: Ink
    public var title: String?

    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, _ ink: Ink, title: String? = nil) {
      self.x = x
      self.y = y
      self.ink = ink
      self.title = title
    }

    /// A horizontal bar from 0 on the n-th band.
    public static func bar(_ place: Int, _ value: Double, _ ink: Ink, title: String? = nil) -> Tile {
      let middle = Double(place)
      return Tile(x: min(0, value)...max(0, value), y: middle - 0.36...middle + 0.36, ink, title: title)
    }
  }

  public struct Dot: Sendable, Hashable {
    public var at: Point
    public var ink: Ink
    public var radius: Double
    public var isHollow: Bool
    /// Stands beside the dot, where there is room.
    public var label: String?
    public var title: String?

    public init(
      _ at: Point, _ ink: Ink, radius: Double = 4, isHollow: Bool = false, label: String? = nil, title: String? = nil
    ) {
      self.at = at
      self.ink = ink
      self.radius = radius
      self.isHollow = isHollow
      self.label = label
      self.title = title
    }
  }

  /// A bar with ends, along x or along y.
  public struct Interval: Sendable, Hashable {
    public var from: Point
    public var to: Point

    public init(_ from: Point, _ to: Point) {
      self.from = from
      self.to = to
    }
  }
}
