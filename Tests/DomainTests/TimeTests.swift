import Domain
import Testing

@Suite struct TimeTests {
  @Test(
    arguments: [
      ("2020-01-06T00:00:00Z", 1_578_268_800_000), ("2020-01-06", 1_578_268_800_000),
      ("2020-01-06 01:00:00.25+01:00", 1_578_268_800_250), ("1578268800.5", 1_578_268_800_500),
      ("2020-01-06T00:00Z", 1_578_268_800_000), ("1969-12-31T23:59:59.999Z", -1),
      ("2020-02-29T12:00:00-0330", 1_582_990_200_000),
      // What is beyond a millisecond is rounded, half up, and only so.
      ("2020-01-06T00:00:00.0015Z", 1_578_268_800_002), ("2020-01-06T00:00:00.00149999Z", 1_578_268_800_001),
      ("1578268799.9995", 1_578_268_800_000), ("1578268800.0004", 1_578_268_800_000),
    ] as [(String, Int64)])
  func readsISO8601AndEpochSeconds(text: String, milliseconds: Int64) {
    #expect(Instant(text: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", "nan", "2020-13-01", "2021-02-29", "2020-01-06T24:00:00Z", "2020-01-06T00:00:00Zx", "12:00",
    "2020-01-06T00:00:00.Z", "2020-1-6", "1e9", "253402300800", "-62167219201", "999999999999",
  ])
  func refusesWhatIsNoInstant(text: String) {
    #expect(Instant(text: text) == nil)
  }

  @Test func textRoundTripsOverFourCenturies() {
    var milliseconds: Int64 = -5_000_000_000_000
    while milliseconds < 8_000_000_000_000 {
      let instant = Instant(milliseconds: milliseconds)
      #expect(Instant(text: instant.iso8601) == instant)
      milliseconds += 7_654_321_987
    }
  }

  /// What text cannot tell is told as the end that it lies beyond, so that texts keep the order of time.
  @Test(
    arguments: [
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (253_402_300_800_000, "9999-12-31T23:59:59.999Z"),
      (253_402_359_299_000, "9999-12-31T23:59:59.999Z"), (.max, "9999-12-31T23:59:59.999Z"),
      (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (-62_167_219_200_001, "0000-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func theEndsOfTheCalendar(milliseconds: Int64, text: String) {
    #expect(Instant(milliseconds: milliseconds).iso8601 == text)
  }

  @Test func weekdaysCountFromMonday() {
    #expect(Instant(text: "2020-01-06")?.civil.weekday == 0)
    #expect(Instant(text: "1969-12-28")?.civil.weekday == 6)
  }

  @Test func formsForPeopleAndFileNames() throws {
    let instant = try #require(Instant(text: "2020-01-09T12:30:00Z"))
    #expect(instant.readable == "2020-01-09 12:30 UTC")
    #expect(instant.compact == "20200109T123000Z")
  }
}

@Suite struct DateNumberTests {
  /// Dates without marks would be instants of 1970, or of a far future, if they were read as seconds.
  @Test(arguments: ["20250310", "202503101430", "19000101", "21991231"]) func aDateIsNoCountOfSeconds(text: String) {
    #expect(Instant(text: text) == nil)
  }

  @Test(arguments: ["20251310", "20250230", "99999999", "1741564800", "202503102460"])
  func otherNumbersAreSeconds(text: String) throws {
    #expect(try #require(Instant(text: text)).milliseconds == (try #require(Int64(text))) * 1000)
  }
}
