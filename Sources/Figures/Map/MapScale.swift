internal import Domain

/// Scales of colour and size that maps have in common.
public struct MapScale: Sendable {
  /// gCO2/kWh of the darkest colour; the lightest is 0.
  public let top: Double
  /// Jobs running of the largest marker.
  public let most: Int
  /// True if a zone is out of service on one of the maps.
  let hasOutages: Bool

  /// - Parameters:
  ///   - highest: gCO2/kWh of other maps or samples that have the same scale.
  ///   - running: jobs running in a zone of those.
  public init(_ snapshots: [MapSnapshot], highest: Double = 0, running: Int = 0) {
    let zones = snapshots.lazy.flatMap(\.zones)
    self.init(
      highest: max(zones.compactMap(\.intensity?.value).max() ?? 0, highest),
      running: max(zones.map(\.running).max() ?? 0, running),
      hasOutages: zones.contains(where: \.isOut))
  }

  /// - Parameters:
  ///   - highest: gCO2/kWh, of all zones and times.
  ///   - running: how many jobs run in a zone at most.
  public init(highest: Double, running: Int, hasOutages: Bool = false) {
    top = highest <= 400 ? 400 : (highest / 200).rounded(.up) * 200
    most = MapScale.round(running)
    self.hasOutages = hasOutages
  }

  /// The next number of at least 10 that is read easily.
  private static func round(_ count: Int) -> Int {
    var power = 10
    while power < 1_000_000_000_000 {
      for factor in [2, 3, 4, 5, 6, 8, 10, 12, 16] where count <= factor * power / 2 { return factor * power / 2 }
      power *= 10
    }
    return count
  }

  /// 0...1
  func share(_ intensity: CarbonIntensity) -> Double { min(max(intensity.value / top, 0), 1) }

  func ink(_ intensity: CarbonIntensity?) -> Ink { intensity.map { .intensity(share($0)) } ?? .faint }

  /// Radius of a marker, px: its area is proportional to the jobs that run; without jobs it is a dot.
  func radius(_ running: Int, largest: Double) -> Double {
    max(largest * (running == 0 ? 0.13 : 0.22), largest * (Double(running) / Double(most)).squareRoot())
  }

  /// Numbers of jobs that a legend shows, the largest last.
  var sizes: [Int] { [most / 10, most / 2, most].filter { $0 > 0 } }
}
