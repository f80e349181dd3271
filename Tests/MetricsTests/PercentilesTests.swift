import Metrics
import Testing

@Suite struct PercentilesTests {
  /// R: quantile(c(15, 20, 35, 40, 50), c(.05, .4, .95), type = 7)
  @Test func typeSeven() {
    var waits = Percentiles()
    for value in [40, 15, 50, 35, 20] as [Int64] { waits.add(value) }
    let found = waits.at([0, 0.05, 0.4, 0.95, 1])
    for (value, expected) in zip(found, [15, 16, 29, 48, 50] as [Double]) { #expect(abs(value - expected) < 1e-12) }
    #expect(Percentiles().at([0.5]).isEmpty)
  }

  @Test func binsStayWithinATenthOfAPercent() {
    var exact = Percentiles()
    var binned = Percentiles(exactLimit: 10)
    for index in 0..<50_000 as Range<Int64> {
      let value = (index * index * 7919) % 90_000_011
      exact.add(value)
      binned.add(value)
    }
    let fractions = [0.01, 0.5, 0.95, 0.99]
    for (a, b) in zip(exact.at(fractions), binned.at(fractions)) { #expect(abs(a - b) <= 0.001 * a + 1) }
  }
}
