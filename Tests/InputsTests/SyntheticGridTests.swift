import Domain
import Foundation
@testable import Inputs
import Testing

private let start = Instant(milliseconds: 1_735_689_600_000)  // 2025-01-01T00:00Z

private func grid(_ seed: UInt64, days: Int64, replication: Int = 1, from: Instant = start) -> SyntheticGrid {
  SyntheticGrid(seed: seed, replication: replication, start: from, end: from + .days(days))
}

@Suite struct SyntheticGridTests {
  @Test func theSameSeedDrawsTheSameGridAndLongerSpansGoOn() {
    let short = grid(1, days: 3)
    let long = grid(1, days: 30)
    #expect(short.stepCount == 144 && short.start == start && short.end == start + .days(3))
    for row in SyntheticGrid.codes.indices {
      for quantity in GridQuantity.allCases {
        #expect(short.values(quantity, row: row) == Array(long.values(quantity, row: row).prefix(144)))
      }
    }
    let others = [grid(2, days: 3), grid(1, days: 3, replication: 2)]
    for other in others { #expect(other.values(.carbon, row: 0) != short.values(.carbon, row: 0)) }
    // From within a half hour to within another one.
    let odd = SyntheticGrid(seed: 1, replication: 1, start: start + .minutes(10), end: start + .minutes(61))
    #expect(odd.start == start && odd.stepCount == 3)
    #expect(odd.values(.carbon, row: 4) == Array(long.values(.carbon, row: 4).prefix(3)))
  }

  @Test func valuesAreWholeGramsAndPenceAndTheRegionalPriceIsThePlatforms() {
    let grid = grid(3, days: 60)
    var negative = 0
    for step in 0..<grid.stepCount {
      let carbon = SyntheticGrid.codes.indices.map { grid.values(.carbon, row: $0)[step] }
      let price = SyntheticGrid.codes.indices.map { grid.values(.price, row: $0)[step] }
      #expect(carbon.allSatisfy { $0 >= 0 && $0 == $0.rounded() && $0 < 800 })
      let mean = carbon.reduce(0, +) / 14
      // The national price, from the zone whose factor is the largest: all others follow from it.
      let factors = carbon.map { 1 + 0.25 * ($0 / mean - 1) }
      guard let place = factors.indices.max(by: { factors[$0] < factors[$1] }) else { continue }
      let national = price[place] / factors[place]
      for zone in price.indices { #expect(abs(price[zone] - national * factors[zone]) <= 1.01e-5) }
      if national < 0 { negative += 1 }
    }
    #expect(negative > 0)
  }

  @Test func theSunShinesByLatitudeDateAndHour() throws {
    let london = Coordinates(latitude: 51.5, longitude: 0)
    // At noon the sun stands 90° − latitude ± 23.45° high at the solstices, and 90° − latitude at the equinoxes.
    for (day, degrees) in [(172.0, 61.95), (355.0, 15.05), (81.0, 38.5)] {
      let sine = SolarGeometry.sineOfElevation(
        london, declination: SolarGeometry.declination(day: day), hour: 12)
      #expect(abs(sine - sin(degrees * .pi / 180)) < 0.005, "day \(day)")
    }
    #expect(
      SolarGeometry.sineOfElevation(london, declination: SolarGeometry.declination(day: 172), hour: 0) == 0)
  }

  @Test func aZoneIsFoundByItsCodeElseByItsRegion() {
    var zone = zoneNamed("GB-LONDON")
    #expect(SyntheticGrid.row(of: zone) == 12)
    zone.code = "DC1"
    #expect(SyntheticGrid.row(of: zone) == nil)
    zone.region = "South Wales"
    #expect(SyntheticGrid.row(of: zone) == 6)
    zone.region = "Scotland"
    zone.aliases = ["North Scotland"]
    #expect(SyntheticGrid.row(of: zone) == 0)
  }
}
