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

extension ChartReading {
  /// Nothing of a result that is drawn on Great Britain.
  func outline() throws -> [OutlineShape] {
    var shapes: [OutlineShape] = []
    try rows("map_outline", "SELECT * FROM map_outline ORDER BY shape") { row in
      let told = try text(row, "map_outline", "points")
      let points = told.split(separator: ",").map { $0.split(separator: " ").map { Double($0) ?? .nan } }
      guard points.allSatisfy({ $0.count == 2 && abs($0[0]) <= 720 && abs($0[1]) <= 90 }) else {
        let fault = CellFault(
          table: "map_outline", row: "a row", column: "points", found: String(told.prefix(40)),
          expected: "degrees, lng lat,lng lat")
        throw AuditRefusal.badCells(path: path, faults: [fault], more: 0)
      }
      shapes.append(
        OutlineShape(
          points: points.map { Coordinates(latitude: $0[1], longitude: $0[0]) },
          isArea: try whole(row, "map_outline", "is_area") != 0))
    }
    return shapes
  }
}
