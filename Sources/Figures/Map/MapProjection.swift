internal import Domain
internal import Foundation

/// Places on earth as places on a part of the canvas.
///
/// Great Britain is drawn in a transverse Mercator projection with the meridian 2° W, as on the maps of its Ordnance
/// Survey; zones elsewhere in Mercator's, as on web maps (Snyder 1987, *Map Projections: A Working Manual*, §8 and §7,
/// on the sphere).
struct MapProjection {
  /// Area of the map, px.
  let box: Box
  /// Pixels a degree: of longitude, or for Great Britain of a great circle.
  let scale: Double
  private var middle: (x: Double, y: Double)
  /// True if the view is Great Britain's rather than fitted to zones.
  let isBritain: Bool

  /// Great Britain if all zones lie near it and no other outline is given, else the zones with a margin.
  init(_ places: [Coordinates], box: Box, hasOutline: Bool = false) {
    self.box = box
    isBritain = MapProjection.isBritain(places, hasOutline: hasOutline)
    if isBritain {
      let extent = MapProjection.extent
      scale = min(box.height / (extent.north - extent.south), box.width / (extent.east - extent.west))
      middle = ((extent.west + extent.east) / 2, (extent.south + extent.north) / 2)
      return
    }
    let span = MapProjection.span(places)
    // Room for markers and their labels; the world's coasts are too coarse to come nearer.
    let fitted = min(
      box.width * 0.68 / max(span.across, 0.5), box.height * 0.72 / max(span.down, 0.5),
      box.width / (hasOutline ? 4 : 14))
    // The world ends at 180° east and west.
    scale = hasOutline ? fitted : max(fitted, min(box.width / 360, box.width / max(span.across, 0.5)))
    let half = box.width / 2 / scale
    middle = span.middle
    if !hasOutline, half <= 180 { middle.x = min(max(middle.x, half - 180), 180 - half) }
  }

  static func isBritain(_ places: [Coordinates], hasOutline: Bool) -> Bool {
    !hasOutline
      && places.allSatisfy { (49.5...61).contains($0.latitude) && (-8.7...2.2).contains($0.longitude) }
  }

  /// Height over width of a map that shows the places well.
  static func aspect(_ places: [Coordinates], hasOutline: Bool) -> Double {
    if isBritain(places, hasOutline: hasOutline) { return (extent.north - extent.south) / (extent.east - extent.west) }
    let span = span(places)
    return min(max((max(span.down, 4) / 0.72) / (max(span.across, 4) / 0.68), 0.55), 1.1)
  }

  /// Degrees of great circles from 2° W and from the equator: from Scilly to Shetland, with room for labels.
  private static let extent = (west: -3.75, east: 2.95, south: 49.65, north: 60.95)

  private static func span(_ places: [Coordinates]) -> (middle: (x: Double, y: Double), across: Double, down: Double) {
    let longitudes = places.map(\.longitude)
    let northings = places.map { northing($0.latitude) }
    let (west, east) = (longitudes.min() ?? 0, longitudes.max() ?? 0)
    let (south, north) = (northings.min() ?? 0, northings.max() ?? 0)
    return (((west + east) / 2, (south + north) / 2), east - west, north - south)
  }

  /// Northing in degrees of longitude at the equator; the poles are cut at 85°.
  static func northing(_ latitude: Double) -> Double {
    let radians = min(max(latitude, -85), 85) * .pi / 180
    return log(tan(.pi / 4 + radians / 2)) * 180 / .pi
  }

  private static func transverse(_ place: Coordinates) -> (x: Double, y: Double) {
    let (latitude, longitude) = (place.latitude * .pi / 180, (place.longitude + 2) * .pi / 180)
    let across = cos(latitude) * sin(longitude)
    let (x, y) = (0.5 * log((1 + across) / (1 - across)), atan2(tan(latitude), cos(longitude)))
    return (x * 180 / .pi, y * 180 / .pi)
  }

  func point(_ place: Coordinates) -> Spot {
    let (x, y) =
      isBritain ? MapProjection.transverse(place) : (place.longitude, MapProjection.northing(place.latitude))
    return Spot(
      x: box.x + box.width / 2 + (x - middle.x) * scale, y: box.y + box.height / 2 - (y - middle.y) * scale)
  }
}

/// A place on the canvas, px.
struct Spot: Equatable {
  var x: Double
  var y: Double

  func distance(to other: Spot) -> Double {
    ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
  }
}
