internal import Domain
internal import Foundation

/// Mercator's projection, as web maps use it, onto a part of the canvas.
struct MapProjection {
  /// Where the map is, px.
  let box: Box
  /// Pixels a degree of longitude.
  let scale: Double
  private let middle: (x: Double, y: Double)
  /// Whether the view is Great Britain's rather than fitted to zones.
  let isBritain: Bool

  /// Great Britain where all zones lie within the platform's bounds and no other outline is given, else the zones with
  /// a margin.
  init(_ places: [Coordinates], box: Box, hasOutline: Bool = false) {
    self.box = box
    isBritain =
      !hasOutline
      && places.allSatisfy {
        (49.5...61).contains($0.latitude) && (-11...2.5).contains($0.longitude)
      }
    if isBritain {
      let (south, north) = (MapProjection.northing(49.75), MapProjection.northing(61.0))
      scale = min(box.height / (north - south), box.width / 10)
      middle = (-3.1, (south + north) / 2)
      return
    }
    let longitudes = places.map(\.longitude)
    let northings = places.map { MapProjection.northing($0.latitude) }
    let (west, east) = (longitudes.min() ?? 0, longitudes.max() ?? 0)
    let (south, north) = (northings.min() ?? 0, northings.max() ?? 0)
    middle = ((west + east) / 2, (south + north) / 2)
    // Room for markers and their labels.
    scale = min(box.width * 0.68 / max(east - west, 0.5), box.height * 0.75 / max(north - south, 0.5), box.width / 4)
  }

  /// Northing in degrees of longitude at the equator; the poles are cut at 85°.
  static func northing(_ latitude: Double) -> Double {
    let radians = min(max(latitude, -85), 85) * .pi / 180
    return log(tan(.pi / 4 + radians / 2)) * 180 / .pi
  }

  func point(_ place: Coordinates) -> Spot {
    Spot(
      x: box.x + box.width / 2 + (place.longitude - middle.x) * scale,
      y: box.y + box.height / 2 - (MapProjection.northing(place.latitude) - middle.y) * scale)
  }

  /// A usual distance between lines of the graticule, degrees.
  var graticule: Double { [1, 2, 5, 10, 20, 30].first { $0 * scale >= 60 } ?? 60 }
}

/// A place on the canvas, px.
struct Spot: Equatable {
  var x: Double
  var y: Double
}
