internal import Domain

/// The scale of carbon intensity on maps: colour from 0 to a round top, and the length of the ring.
struct MapScale {
  /// gCO2/kWh at which the ring is whole.
  let top: Double

  /// One scale for maps that are looked at together; 400 where that is enough.
  init(_ snapshots: [MapSnapshot]) {
    let highest = snapshots.flatMap(\.zones).compactMap(\.intensity?.value).max() ?? 0
    top = highest <= 400 ? 400 : (highest / 200).rounded(.up) * 200
  }

  /// 0...1
  func share(_ intensity: CarbonIntensity) -> Double { min(max(intensity.value / top, 0), 1) }

  func ink(_ intensity: CarbonIntensity?) -> Ink { intensity.map { .ramp(share($0)) } ?? .faint }

  var legend: RampLegend { RampLegend("carbon intensity, gCO₂/kWh", low: "0", high: "\(Int(top))") }
}
