import Domain
import Inputs
import Testing

/// Averages of months and years are steps of the calendar.
@Suite struct CalendarStepTests {
  private func read(_ rows: String) throws -> TraceColumn {
    try withFile("datetime,A\n" + rows) { path in
      try TraceReader.readAll(path: path, kind: .carbon, gaps: .hold).table.columns[0]
    }
  }

  private func instant(_ text: String) throws -> Int64 { try #require(Instant(text: text)).milliseconds }

  @Test func monthsEndWithTheirMonth() throws {
    let column = try read("2024-01-01,400\n2024-02-01,380\n2024-03-01,350\n")
    #expect(try column.end == instant("2024-04-01T00:00:00Z") && column.gapsFilled == 0)
    // 31, 29 and 31 days.
    let trace = try column.trace(extending: .none)
    let mean = trace.integral(from: trace.start, to: trace.end) / (91 * 24)
    #expect(abs(mean - (31 * 400 + 29 * 380 + 31 * 350) / 91.0) < 1e-9)
  }

  @Test func aMissingMonthIsFilled() throws {
    let column = try read("2023-11-01,400\n2024-01-01,380\n2024-02-01,350\n")
    #expect(column.steps.count == 4 && column.gapsFilled == 1)
    #expect(try column.steps[1].start == instant("2023-12-01T00:00:00Z") && column.steps[1].value == 400)
    #expect(try column.end == instant("2024-03-01T00:00:00Z"))
  }

  @Test func yearsEndWithTheirYear() throws {
    let column = try read("2023-01-01,400\n2024-01-01,380\n")
    #expect(try column.end == instant("2025-01-01T00:00:00Z"))
  }

  /// Midnights of a few days are none of the calendar's.
  @Test func daysStayDays() throws {
    let column = try read("2024-01-01,400\n2024-01-02,380\n2024-01-03,350\n")
    #expect(try column.end == instant("2024-01-04T00:00:00Z"))
  }
}
