import Testing

@testable import Reports

/// Numbers of the report's tables and sentences.
@Suite struct ReportNumberTests {
  private func plain(_ text: String) -> String { text.replacing("\u{A0}", with: " ") }

  /// No number with its interval is written as zeros, at any size.
  @Test func smallNumbersKeepTheirDigits() {
    for exponent in -300...2 {
      let (mean, width) = (Double("1.234567e\(exponent)") ?? 0, Double("2.3e\(exponent - 1)") ?? 0)
      for text in [
        ReportNumber.text(mean), ReportNumber.text(-mean), ReportNumber.text(mean, plusMinus: width),
        ReportNumber.text(-mean, plusMinus: width), ReportNumber.percent(mean, plusMinus: width),
      ] {
        for part in plain(text).components(separatedBy: " ± ") {
          #expect(part.prefix { $0 != "e" }.contains { "123456789".contains($0) }, "\(mean) ± \(width): \(text)")
        }
      }
    }
    #expect(plain(ReportNumber.text(1.2344e-7, plusMinus: 3.4e-8)) == "1.234e-07 ± 3.4e-08")
    #expect(plain(ReportNumber.text(-1.2344e-7)) == "−1.234e-07")
  }

  /// An interval of no width, or of less than rounding, is left out.
  @Test func emptyIntervalsAreNotPrinted() {
    for width in [0, 1e-14, .infinity, .nan] {
      #expect(plain(ReportNumber.text(12.5, plusMinus: width)) == "12.50")
      #expect(plain(ReportNumber.percent(12.5, plusMinus: width)) == "12.50")
      #expect(plain(ReportNumber.span(seconds: 12.5, plusMinus: width)) == "12 s")
    }
    #expect(ReportNumber.text(0, plusMinus: 0) == "0")
    #expect(plain(ReportNumber.text(52.12, plusMinus: 6)) == "52.1 ± 6.0")
  }
}
