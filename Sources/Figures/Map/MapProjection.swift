internal import Domain
internal import Foundation

/// Mercator's projection, as web maps use it, onto the canvas.
struct MapProjection {
  static let width = 860.0
  static let height = 1090.0
  /// Pixels a degree of longitude.
  let scale: Double
  private let middle: (x: Double, y: Double)
  /// Whether the view is Great Britain's rather than fitted to zones elsewhere.
  let isBritain: Bool

  /// Great Britain where all zones lie within the platform's bounds, else the zones with a margin.
  init(_ places: [Coordinates]) {
    isBritain = places.allSatisfy {
      (49.5...61).contains($0.latitude) && (-11...2.5).contains($0.longitude)
    }
    if isBritain {
      scale = 51
      middle = (-3.1, MapProjection.northing(55.42))
      return
    }
    let longitudes = places.map(\.longitude)
    let northings = places.map { MapProjection.northing($0.latitude) }
    let (west, east) = (longitudes.min() ?? 0, longitudes.max() ?? 0)
    let (south, north) = (northings.min() ?? 0, northings.max() ?? 0)
    middle = ((west + east) / 2, (south + north) / 2)
    scale = min(
      (MapProjection.width - 260) / max(east - west, 0.5), (MapProjection.height - 320) / max(north - south, 0.5), 200)
  }

  /// Northing in degrees of longitude at the equator; the poles are cut at 85°.
  static func northing(_ latitude: Double) -> Double {
    let radians = min(max(latitude, -85), 85) * .pi / 180
    return log(tan(.pi / 4 + radians / 2)) * 180 / .pi
  }

  func point(longitude: Double, latitude: Double) -> (x: Double, y: Double) {
    (
      MapProjection.width / 2 + (longitude - middle.x) * scale,
      MapProjection.height / 2 + 22 - (MapProjection.northing(latitude) - middle.y) * scale
    )
  }
}
