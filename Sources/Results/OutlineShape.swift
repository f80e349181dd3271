public import Domain
internal import GRDB

/// A part of an outline of the scenario's own, as `map_outline` holds it: a row a shape, points as `lng lat,lng lat`.
public struct OutlineShape: Sendable, Hashable {
  public var points: [Coordinates]
  /// Filled, rather than a line.
  public var isArea: Bool

  public init(points: [Coordinates], isArea: Bool) {
    self.points = points
    self.isArea = isArea
  }

  /// An outline of more is not kept: no text of a result may be longer than its points take.
  static let mostPoints = 40_000

  static let table = """
    CREATE TABLE map_outline (shape INTEGER PRIMARY KEY, is_area INTEGER NOT NULL, points TEXT NOT NULL);
    """

  static func insert(_ shapes: [OutlineShape], _ database: Database) throws {
    guard shapes.reduce(0, { $0 + $1.points.count }) <= mostPoints else { return }
    for (place, shape) in shapes.enumerated() {
      // Ten thousandths of a degree are eleven metres.
      let points = shape.points.map { "\(rounded($0.longitude)) \(rounded($0.latitude))" }.joined(separator: ",")
      try database.execute(
        sql: "INSERT INTO map_outline VALUES (?, ?, ?)", arguments: [place + 1, shape.isArea, points])
    }
  }

  private static func rounded(_ degrees: Double) -> Double { (degrees * 10_000).rounded() / 10_000 }
}
