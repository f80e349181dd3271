internal import Domain
internal import Foundation

/// Position of the sun, accurate enough for a half hour: the declination of Cooper (1969,
/// doi:10.1016/0038-092X(69)90047-4) and hours counted from 12 UTC at Greenwich, without the equation of time (at most
/// 16 minutes).
enum SolarGeometry {
  /// Declination in radians on a day of the year, 1 being 1 January.
  static func declination(day: Double) -> Double { 23.45 * .pi / 180 * sin(2 * .pi * (284 + day) / 365) }

  /// Sine of the sun's elevation, 0 at night.
  ///
  /// - Parameter hour: UTC.
  static func sineOfElevation(_ place: Coordinates, declination: Double, hour: Double) -> Double {
    let latitude = place.latitude * .pi / 180
    let hourAngle = (15 * (hour - 12) + place.longitude) * .pi / 180
    return max(0, sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hourAngle))
  }
}
