import Domain
import Testing

@Suite struct StepTraceTests {
  private func at(_ minutes: Int64) -> Instant { Instant(milliseconds: minutes * 60_000) }

  /// A plain walk, millisecond ends included, over uneven steps and every extension.
  @Test(arguments: [TraceExtension.hold, .wrap])
  func integralAgreesWithAPlainWalk(extending: TraceExtension) throws {
    let minutes: [Int64] = [0, 5, 35, 36, 95, 100]
    let values = [10, 0, 321.25, 7, 0.001]
    let stamps = zip(minutes, values).map { (at($0), $1) }
    let trace = try StepTrace(stamps: stamps, end: at(100), extending: extending)
    for from in stride(from: Int64(-250 * 60_000), to: 250 * 60_000, by: 1_234_567) {
      for length in [Int64(0), 1, 59_999, 3_600_000, 22_222_222] {
        var sum = 0.0
        var time = from
        while time < from + length {
          let value = trace.value(at: Instant(milliseconds: time))
          let stamp = trace.nextStamp(after: Instant(milliseconds: time))
          let next = min(stamp.milliseconds, from + length)
          sum += value * Double(next - time) / 3_600_000
          time = next
        }
        let integral = trace.integral(from: Instant(milliseconds: from), to: Instant(milliseconds: from + length))
        #expect(abs(integral - sum) <= 1e-9 * max(sum, 1e-9), "from \(from) for \(length) ms")
      }
    }
  }

  @Test func aConstantIsExact() {
    let trace = StepTrace(constant: 123.456)
    let integral = trace.integral(from: at(28_000_000), to: at(28_000_090))
    #expect(abs(integral - 123.456 * 1.5) <= 1e-12 * integral)
  }

  @Test func aMillisecondAfterACenturyKeepsItsPrecision() throws {
    let stamps = (0..<876_600).map { (at(Int64($0) * 60), 144.64 + Double($0 % 97) * 1.01) }
    let trace = try StepTrace(stamps: stamps, end: at(876_600 * 60))
    let stamp = at(876_599 * 60)
    let (before, after) = (Instant(milliseconds: stamp.milliseconds - 3), Instant(milliseconds: stamp.milliseconds + 2))
    let expected = (3 * stamps[876_598].1 + 2 * stamps[876_599].1) / 3_600_000
    #expect(abs(trace.integral(from: before, to: after) - expected) <= 1e-12 * expected)
  }

  @Test func faultsAreNamed() {
    #expect(throws: StepTrace.Fault.empty) { try StepTrace(stamps: [], end: at(1)) }
    #expect(throws: StepTrace.Fault.notIncreasing(at: 1)) {
      try StepTrace(stamps: [(at(0), 1), (at(2), 1)], end: at(2))
    }
    #expect(throws: StepTrace.Fault.notFinite(at: 0)) { try StepTrace(stamps: [(at(0), .nan)], end: at(2)) }
  }
}
