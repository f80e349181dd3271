import Foundation
import Metrics
import Randomness
import Testing

@Suite struct MSERTests {
  /// The definition, word by word: every truncation of the first half, its mean and its squares anew.
  private func plain(_ values: [Double], batch: Int) -> Int {
    var means: [Double] = []
    var at = 0
    while at + batch <= values.count {
      means.append(values[at..<at + batch].reduce(0, +) / Double(batch))
      at += batch
    }
    var best = (error: Double.infinity, place: 0)
    for place in 0...max(0, means.count / 2) where means.count - place > 1 {
      let rest = means[place...]
      let mean = rest.reduce(0, +) / Double(rest.count)
      let squares = rest.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = squares / (Double(rest.count) * Double(rest.count))
      if error < best.error * (1 - 1e-9) { best = (error, place) }
    }
    return best.place * batch
  }

  @Test func agreesWithTheDefinition() {
    var truncated = 0
    for seed in 1...400 as ClosedRange<UInt64> {
      var stream = RandomStream(seed: seed, replication: 1, name: "mser")
      let count = 1 + stream.below(400)
      let decay = stream.uniform(from: 1, to: 80)
      let height = stream.uniform(from: -30, to: 30)
      var noise = 0.0
      let values = (0..<count).map { place -> Double in
        noise = 0.6 * noise + stream.normal()
        return 20 + height * exp(-Double(place) / decay) + noise
      }
      for batch in [1, 5] {
        let found = MSER.truncation(of: values, batch: batch).count
        #expect(found == plain(values, batch: batch), "seed \(seed), batches of \(batch)")
        if found > 0 { truncated += 1 }
      }
    }
    #expect(truncated > 200)
  }

  /// A beginning that is plainly another: 40 values of it, and what is around a mean behind them.
  @Test func aStepIsCutOff() {
    let values = (0..<40).map { _ in 100.0 } + (0..<200).map { $0 % 2 == 0 ? 9.0 : 11 }
    #expect(MSER.truncation(of: values) == MSER.Truncation(count: 40, isDoubtful: false))
    // 43 belong to the beginning: the batch that is mixed goes too.
    let mixed = (0..<43).map { _ in 100.0 } + (0..<200).map { $0 % 2 == 0 ? 9.0 : 11 }
    #expect(MSER.truncation(of: mixed).count == 45)
  }

  @Test func nothingIsCutOffWhereThereIsNothing() {
    #expect(MSER.truncation(of: []) == MSER.Truncation(count: 0, isDoubtful: true))
    #expect(MSER.truncation(of: [5, 4, 3, 2, 1, 0, 0]).count == 0)
    // Nobody waited: all errors are alike.
    #expect(MSER.truncation(of: Array(repeating: 0, count: 100)) == MSER.Truncation(count: 0, isDoubtful: false))
  }

  /// A series that only rises has no end of its beginning: half of it is left out, and that is doubtful.
  @Test func aTrendIsDoubtful() {
    #expect(MSER.truncation(of: (0..<100).map { Double($0) }) == MSER.Truncation(count: 50, isDoubtful: true))
  }
}
