public import Domain

/// Lines and areas of a GeoJSON file (RFC 7946) to draw a map on: every geometry but points, whatever the properties.
public enum OutlineReader {
  /// A ring of an area, or a line.
  public struct Shape: Sendable {
    public var points: [Coordinates]
    public var isArea: Bool
  }

  /// - Throws: ``InputError``.
  public static func read(path: String) throws -> [Shape] {
    var walk = Walk(path: path)
    walk.object(try JSONReader.read(path: path), 0)
    try walk.issues.throwIfAny()
    guard !walk.shapes.isEmpty else {
      throw InputError(issues: [
        InputIssue(file: path, line: 1, found: "no lines and no areas", expected: "a GeoJSON outline")
      ])
    }
    return walk.shapes
  }

  private struct Walk {
    let path: String
    var shapes: [Shape] = []
    var issues = IssueList()

    private mutating func report(_ node: JSONNode, _ key: String, _ expected: String) {
      issues.add(InputIssue(file: path, line: node.line, key: key, found: node.summary, expected: expected))
    }

    mutating func object(_ node: JSONNode, _ depth: Int) {
      guard depth < 16, let type = node["type"]?.text else { return report(node, "type", "a GeoJSON object") }
      let coordinates = node["coordinates"]
      switch type {
      case "FeatureCollection": for part in list(node, "features") { object(part, depth + 1) }
      case "GeometryCollection": for part in list(node, "geometries") { object(part, depth + 1) }
      case "Feature": if let geometry = node["geometry"], !geometry.isNull { object(geometry, depth + 1) }
      case "LineString": if let coordinates { add(coordinates, isArea: false) }
      case "MultiLineString", "Polygon":
        for part in list(node, "coordinates") { add(part, isArea: type == "Polygon") }
      case "MultiPolygon":
        for part in list(node, "coordinates") {
          for ring in part.list ?? [] { add(ring, isArea: true) }
        }
      case "Point", "MultiPoint": break
      default: report(node["type"] ?? node, "type", "a GeoJSON type")
      }
    }

    private mutating func list(_ node: JSONNode, _ key: String) -> [JSONNode] {
      if let items = node[key]?.list { return items }
      report(node[key] ?? node, key, "a list")
      return []
    }

    private mutating func add(_ node: JSONNode, isArea: Bool) {
      guard let items = node.list else { return report(node, "coordinates", "a list of positions") }
      var points: [Coordinates] = []
      points.reserveCapacity(items.count)
      for item in items {
        guard let pair = item.list, pair.count >= 2, let longitude = pair[0].number, let latitude = pair[1].number,
          (-90...90).contains(latitude), (-540...540).contains(longitude)
        else {
          report(item, "coordinates", "[longitude, latitude] in degrees")
          continue
        }
        points.append(Coordinates(latitude: latitude, longitude: longitude))
      }
      if points.count > 1 { shapes.append(Shape(points: points, isArea: isArea)) }
    }
  }
}
