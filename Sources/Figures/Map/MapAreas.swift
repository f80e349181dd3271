internal import Domain
internal import Foundation

/// The regions of Great Britain as areas of a map, and the zones that each of them belongs to.
struct MapAreas {
  /// By region: indices of zones.
  let zones: [[Int]]

  private static let geometry = Geometry.britain

  /// A zone belongs to the region that it names, else to the one that it lies in or that is within about 15 km.
  ///
  /// - Complexity: O(zones × points).
  init(_ all: [Zone]) {
    var zones = MapAreas.geometry.shapes.map { _ in [Int]() }
    let names = MapAreas.geometry.shapes.map { $0.name.lowercased() }
    var known: [Coordinates: Int?] = [:]
    for (index, zone) in all.enumerated() {
      let named = MapAreas.named(zone.region.lowercased(), names)
      let region = named ?? known[zone.coordinates, default: MapAreas.region(at: zone.coordinates)]
      known[zone.coordinates] = region
      if let region { zones[region].append(index) }
    }
    self.zones = zones
  }

  /// NESO's names go on where the API's are shorter: "North Wales & Merseyside".
  private static func named(_ region: String, _ names: [String]) -> Int? {
    guard !region.isEmpty else { return nil }
    return names.firstIndex { $0 == region || $0.hasPrefix(region + " &") }
  }

  private static func region(at place: Coordinates) -> Int? {
    geometry.shape(at: place) ?? geometry.nearest(to: place, within: 0.14)
  }

  /// Positions of the zones' markers, px: their own, but that of a zone in another region's area is the nearest place
  /// within its own region, so that a marker never stands on the colour of another zone.
  ///
  /// - Parameters:
  ///   - clearance: of a marker that is moved from the region's border, px, as far as the region is wide enough.
  ///   - separation: of a marker that is moved from other zones, px, as far as there is such a place.
  func spots(
    _ all: [Zone], _ projection: MapProjection, clearance: Double, separation: Double
  ) -> [Spot] {
    var spots = all.map { projection.point($0.coordinates) }
    for (region, own) in zones.enumerated() {
      let strangers = own.filter { index in
        MapAreas.geometry.shape(at: all[index].coordinates).map { $0 != region } ?? false
      }
      guard !strangers.isEmpty else { continue }
      let places = MapAreas.places(within: region, projection, clearance: clearance)
      for index in strangers {
        let spot = spots[index]
        let others = spots.indices.filter { $0 != index }.map { spots[$0] }
        func nearness(_ place: Spot) -> Double {
          let gap = others.map(place.distance(to:)).min() ?? .infinity
          // Too near to another zone is worse than any distance.
          return place.distance(to: spot) + 100 * max(0, separation - gap)
        }
        spots[index] = places.min { nearness($0) < nearness($1) } ?? spot
      }
    }
    return spots
  }

  /// Points of a grid within a region that have room around them; all of them if none has.
  private static func places(within region: Int, _ projection: MapProjection, clearance: Double) -> [Spot] {
    let step = 0.05
    let inside = geometry.grid(within: region, step: step).map(projection.point)
    let reach = 0.75 * step * projection.scale
    let free = inside.filter { place in
      (0..<8).allSatisfy { direction in
        let angle = Double(direction) * .pi / 4
        let rim = Spot(x: place.x + clearance * cos(angle), y: place.y + clearance * sin(angle))
        return inside.contains { $0.distance(to: rim) <= reach }
      }
    }
    return free.isEmpty ? inside : free
  }

  /// The region of each zone; `nil` for one beyond the coast.
  func regions(_ count: Int) -> [Int?] {
    var regions = [Int?](repeating: nil, count: count)
    for (region, own) in zones.enumerated() {
      for zone in own where zone < count { regions[zone] = region }
    }
    return regions
  }

  /// The regions as cells of a map.
  static func raster(_ projection: MapProjection) -> RegionRaster {
    let arcs = geometry.arcs.map { $0.map(projection.point) }
    return RegionRaster(geometry.shapes.map { $0.rings.map { Geometry.joined($0, arcs) } }, within: projection.box)
  }

  /// The mean intensity of each region's zones; `nil` without zones, or where none is known.
  func intensities(_ standings: [ZoneStanding]) -> [CarbonIntensity?] {
    zones.map { own in
      let known = own.compactMap { standings[$0].intensity?.value }
      return known.isEmpty ? nil : CarbonIntensity(known.reduce(0, +) / Double(known.count))
    }
  }

  /// The popup of a region.
  static func popup(_ region: Int, _ intensity: CarbonIntensity?) -> String {
    geometry.shapes[region].name
      + (intensity.map { ": \(SVG.number($0.value)) gCO₂/kWh" } ?? ": carbon intensity unknown")
  }
}
