internal import Audit
internal import Domain
internal import Results

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
