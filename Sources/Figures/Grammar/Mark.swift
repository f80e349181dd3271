/// A place in the units of a panel's axes.
public struct Point: Sendable, Hashable {
  public var x: Double
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// Interruption of a line.
  public static let gap = Point(.nan, .nan)
  var isGap: Bool { !x.isFinite || !y.isFinite }
}

/// How a line is drawn.
public struct LineStyle: Sendable, Hashable {
  /// px
  public var width: Double
  /// 0 whole, 1 dashed, 2 dotted, 3 both; goes on with 0.
  public var dash: Int
  /// True if a value holds until the next one.
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

/// Graphical form of values. Positions are in the units of the axes, sizes in px.
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
  /// Marks moved sideways by a few px, so that those of several series at one x do not lie over each other.
  case dodged(Dodge, [Mark])
  /// A line across the panel at a value of y, or down it at one of x.
  case rule(x: Double? = nil, y: Double? = nil, Ink)
  /// A text that starts, ends (`alignment` 1) or has its middle (½) at a place, with a gap in px before or after it.
  case text(String, at: Point, Ink, alignment: Double = 0, gap: Double = 5)

  /// A text to the right of the panel at a height, in a column that ends at one x: its room is not part of the axis.
  case beside(String, y: Double, Ink)

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

  /// A series among those that have marks at the same places.
  public struct Dodge: Sendable, Hashable {
    /// Index of the series, from 0.
    public var series: Int
    /// Number of series.
    public var count: Int
    /// The values of x at which the series have marks.
    public var places: [Double]

    public init(series: Int, of count: Int, at places: [Double]) {
      self.series = series
      self.count = count
      self.places = places
    }

    /// The distance of neighbouring series if there is room, px.
    static let step = 5.0

    /// The distance from the place itself, px: at most 0.3 of the gap between places that are next to each other, so
    /// that marks of one place are nearer to it than to any other.
    ///
    /// - Parameter positions: of the places, px.
    func offset(_ positions: [Double]) -> Double {
      guard count > 1 else { return 0 }
      let sorted = positions.sorted()
      let gap = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0.01 }.min() ?? .infinity
      let step = min(Dodge.step, 0.6 * gap / Double(count - 1))
      return (Double(series) - Double(count - 1) / 2) * step
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
