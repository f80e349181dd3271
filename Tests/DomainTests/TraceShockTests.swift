import Domain
import Testing

@Suite struct TraceShockTests {
  private func hour(_ hours: Double) -> Instant { Instant(milliseconds: Int64(hours * 3_600_000)) }

  /// Values by the minute before and after, over a long time.
  @Test(arguments: [TraceExtension.none, .hold, .wrap])
  func onlyTheIntervalIsMultiplied(extending: TraceExtension) throws {
    let trace = try StepTrace(
      stamps: [(hour(0), 5), (hour(1), 7), (hour(2.5), 1), (hour(4), 9)], end: hour(5), extending: extending)
    let (from, until) = (hour(1.25), hour(4.5))
    let shocked = trace.multiplied(by: 3, from: from, until: until, over: hour(-7)..<hour(23))
    #expect(shocked.isEndless == trace.isEndless)
    for minute in stride(from: extending == .none ? 0 : -600, to: extending == .none ? 300 : 1500, by: 1) {
      let at = hour(Double(minute) / 60)
      let factor = at >= from && at < until ? 3.0 : 1
      #expect(shocked.value(at: at) == factor * trace.value(at: at), "minute \(minute)")
    }
  }

  /// Without an end, whatever the trace does behind its own end; one that wraps, for two years.
  @Test(arguments: [TraceExtension.none, .hold, .wrap])
  func withoutAnEndItIsForGood(extending: TraceExtension) throws {
    let trace = try StepTrace(
      stamps: [(hour(0), 5), (hour(1), 7), (hour(2.5), 1), (hour(4), 9)], end: hour(5), extending: extending)
    let shocked = trace.multiplied(by: 2, from: hour(1.25), until: .never, over: hour(-7)..<hour(23))
    let hours = extending == .none ? [0, 1, 1.5, 3, 4.9] : [-6, -1, 0, 1, 1.5, 3, 4.9, 5, 7, 22, 24, 1000, 17_000]
    for hours in hours {
      let factor = hours >= 1.25 ? 2.0 : 1
      #expect(shocked.value(at: hour(hours)) == factor * trace.value(at: hour(hours)), "hour \(hours)")
    }
    if extending != .none { #expect(shocked.isEndless) }
  }

  @Test func aConstantTraceHasAPeak() {
    let shocked = StepTrace(constant: 10).multiplied(by: 0, from: hour(3), until: hour(4), over: hour(0)..<hour(9))
    #expect(shocked.integral(from: hour(0), to: hour(10)) == 90)
    #expect(shocked.value(at: hour(1000)) == 10 && shocked.value(at: hour(-1000)) == 10)
  }
}
