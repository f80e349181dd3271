public import Domain

/// The outline on which a map is drawn: coasts, borders.
public struct Outline: Sendable {
  public struct Shape: Sendable {
    public var points: [Coordinates]
    /// Filled, rather than a line.
    public var isArea: Bool

    public init(points: [Coordinates], isArea: Bool) {
      self.points = points
      self.isArea = isArea
    }
  }

  public var shapes: [Shape]
  /// True for the program's own: the regions of Great Britain, and the world for zones elsewhere.
  let isBuiltIn: Bool

  /// An outline of one's own: the view is fitted to the zones.
  public init(_ shapes: [Shape]) {
    self.shapes = shapes
    isBuiltIn = false
  }

  private init() {
    shapes = []
    isBuiltIn = true
  }

  public static let builtIn = Outline()
}
