import Domain
import Inputs
import Testing

@Suite struct VintageTests {
  private let text = """
    issued_at,datetime,zone,forecast
    2020-01-06T06:00Z,2020-01-06T06:30Z,NORTH,50
    2020-01-06T06:00Z,2020-01-06T07:00Z,NORTH,60
    2020-01-06T00:00Z,2020-01-06T00:00Z,NORTH,10
    2020-01-06T00:00Z,2020-01-06T12:00Z,NORTH,30
    2020-01-06T00:00Z,2020-01-06T06:00Z,NORTH,20
    2020-01-06T00:00Z,2020-01-06T06:00Z,NORTH,20
    2020-01-06T00:00Z,2020-01-06T06:00Z,EAST,99
    """

  private func instant(_ hour: Int, _ minute: Int = 0) -> Instant {
    Instant(milliseconds: 1_578_268_800_000) + .minutes(Int64(hour * 60 + minute))
  }

  private func issue(_ now: Instant, update: TimeSpan? = nil) throws -> Forecast {
    let vintages = try withFile(text) { path in
      #expect(try VintageReader.isVintages(path: path))
      return try VintageReader.read(path: path, zones: [zones[0]], start: instant(0))
    }
    let trace = try StepTrace(
      stamps: [(instant(0), 7), (instant(6, 10), 8)], end: instant(47), extending: .hold)
    return InputsTests.issue(
      .recorded, trace, at: now, horizon: .hours(24), update: update, recorded: .vintages(vintages), start: instant(0))
  }

  @Test func theLatestIssueByThenIsTold() throws {
    let early = try issue(instant(5, 59))
    #expect(early.issuedAt == instant(0) && early.nextIssue == instant(6))
    let view = early.carbon(0)
    #expect(
      [0, 5, 6, 11, 12, 17].map { view.value(at: instant($0)) } == [10, 10, 20, 20, 30, 30])
    // It ends at 18:00, the last step being as long as the one before; less than a day, so the last value holds.
    #expect(view.end == instant(18) && view.value(at: instant(40)) == 30)
    let late = try issue(instant(6, 5))
    // Until the issue's first stamp the current value holds.
    #expect(
      [(6, 0), (6, 29), (6, 30), (7, 0), (7, 29)].map { late.carbon(0).value(at: instant($0, $1)) }
        == [7, 7, 50, 60, 60])
    // Long after the last issue has run out the current value holds.
    let over = try issue(instant(20), update: .hours(1))
    #expect(over.carbon(0).value(at: instant(23)) == 8)
  }

  @Test func faultsAreToldAtOnce() throws {
    let bad = """
      issued_at,datetime,zone,forecast
      x,2020-01-06T00:00Z,NORTH,1
      2020-01-06T00:00Z,2020-01-06T00:00Z,NORTH,-1
      2020-01-06T00:00Z,2020-01-06T01:00Z,NORTH,1
      2020-01-06T00:00Z,2020-01-06T01:00Z,NORTH,2
      2020-01-06T01:00Z,2020-01-06T01:00Z,SOUTH,2
      """
    let found = try withFile(bad) { path in
      fault { _ = try VintageReader.read(path: path, zones: zones, start: instant(0)) }
    }
    #expect(found.contains(".csv:2: issued_at: found \"x\", expected an ISO 8601 time or epoch seconds"))
    #expect(found.contains(".csv:3: forecast: found \"-1\", expected an intensity of at least 0"))
    #expect(
      found.contains(
        ".csv:5: NORTH: found 2.0, and 1.0 on line 4, for the same issue and timestamp, expected one value"))
    #expect(found.contains("SOUTH: found a first issue at 2020-01-06T01:00:00.000Z, expected an issue at or before"))
    let serial = try withFile("issued_at,datetime,zone,forecast\n45726.04,45726.5,NORTH,1\n") { path in
      fault { _ = try VintageReader.read(path: path, zones: zones, start: instant(0)) }
    }
    #expect(serial.contains("this looks like a spreadsheet's serial date"))
    let header = try withFile("datetime,zone,forecast\n") { path in
      fault { _ = try VintageReader.read(path: path, zones: zones, start: instant(0)) }
    }
    #expect(header.contains("issued_at: found the columns datetime, zone, forecast, expected a column issued_at"))
  }
}
