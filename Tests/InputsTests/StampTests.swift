import Domain
import Testing

@testable import Inputs

/// Times as files write them, and the rules for stamps.
@Suite struct StampTests {
  private func read(_ text: String, _ order: TableMapping.DateOrder? = nil, isYears: Bool = false) -> String {
    switch StampText(dateOrder: order, isYears: isYears).read(text: text) {
    case .none: "none"
    case .ambiguous: "ambiguous"
    case .serial: "serial"
    case .time(.instant(let instant)): "at \(instant.iso8601.prefix(16))"
    case .time(.local(let local)): "local \(local.iso8601.prefix(16))"
    }
  }

  @Test(arguments: [
    ("2025-01-02T03:04Z", "at 2025-01-02T03:04"), ("2025-01-02 03:04", "local 2025-01-02T03:04"),
    ("1633671336", "at 2021-10-08T05:35"), ("1633671336000", "at 2021-10-08T05:35"),
    ("01.02.2025 00:00 - 01.02.2025 01:00", "local 2025-02-01T00:00"), ("1.2.2025", "local 2025-02-01T00:00"),
    ("26.10.2025 02:00 (CEST) - 26.10.2025 02:15 (CEST)", "at 2025-10-26T00:00"),
    ("26.10.2025 02:00:00 (CET)", "at 2025-10-26T01:00"), ("2025-01-02 03:04 UTC", "at 2025-01-02T03:04"),
    ("2025/01/02 03:04", "local 2025-01-02T03:04"), ("2025-01", "local 2025-01-01T00:00"),
    ("31/12/2024 23:00", "ambiguous"), ("01/01/2024", "local 2024-01-01T00:00"), ("32.01.2025", "none"),
    ("29.02.2025", "none"), ("1.1.2025 25:00", "none"), ("1.1.2025 11:00 PM", "local 2025-01-01T23:00"),
    ("20250310", "local 2025-03-10T00:00"),
    ("1741564800.5", "at 2025-03-10T00:00"), ("45726", "at 1970-01-01T12:42"),
    ("noon", "none"), ("", "none"), ("2025-13", "none"), (" - ", "none"), ("(CET)", "none"),
  ]) func texts(text: String, expected: String) { #expect(read(text) == expected) }

  @Test func orders() {
    #expect(read("03/04/2025 1:00", .dayFirst) == "local 2025-04-03T01:00")
    #expect(read("03/04/2025 1:00", .monthFirst) == "local 2025-03-04T01:00")
    #expect(read("2024", isYears: true) == "local 2024-01-01T00:00" && read("2024") == "at 1970-01-01T00:33")
  }

  private typealias Step = StampRules.Step

  private func ends(_ stamps: [Int64]) -> ([Int64], Int64?) {
    var rules = StampRules(steps: stamps.map { ($0, 0) }, blanks: [])
    rules.moveToStarts()
    #expect(rules.steps.map { rules.written($0.start) } == stamps)
    return (rules.steps.map(\.start), rules.end)
  }

  @Test func stampsAtEnds() {
    #expect(ends([5, 10, 15, 20]) == ([0, 5, 10, 15], 20))
    // A step is missing: its interval is not given to the next one.
    #expect(ends([5, 10, 15, 25, 30, 35]) == ([0, 5, 10, 20, 25, 30], 35))
    // The cadence changes.
    #expect(ends([5, 10, 15, 20, 25, 40, 55, 70]) == ([0, 5, 10, 15, 20, 25, 40, 55], 70))
    // No step is regular.
    #expect(ends([10, 17, 30]) == ([3, 10, 17], 30))
    #expect(ends([10]) == ([10], 10) && ends([]) == ([], nil))
  }

  @Test(
    arguments: [
      (TableMapping.Duplicates.first, [1, 2, 5]), (.last, [1, 4, 5]), (.mean, [1, 3, 5]), (.error, [5, 2, 1, 4]),
    ] as [(TableMapping.Duplicates, [Double])])
  func severalValues(rule: TableMapping.Duplicates, values: [Double]) {
    var rules = StampRules(steps: [(30, 5), (20, 2), (10, 1), (20, 4)], blanks: [])
    rules.resolve(rule)
    #expect(rules.steps.map(\.value) == values && rules.resolved == (rule == .error ? 0 : 1))
  }
}
