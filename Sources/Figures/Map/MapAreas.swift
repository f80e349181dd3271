internal import Domain

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
