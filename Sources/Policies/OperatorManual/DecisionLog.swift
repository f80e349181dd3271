internal import Domain
internal import Engine

/// The figures of what people decided.
struct DecisionLog {
  /// Submission to decision, milliseconds.
  private var waits: [Int64] = []
  /// Decisions for the first, second, third recommendation, and for another zone.
  private var taken = [0, 0, 0, 0]
  private(set) var last = Int64.min

  var count: Int { waits.count }

  mutating func note(_ job: JobID, _ zone: ZoneIndex, _ context: PolicyContext) {
    waits.append((context.now - context.job(job).submittedAt).milliseconds)
    let ranked = context.recommendations(job)
    let rank = [ranked.first, ranked.second, ranked.third].firstIndex(of: Int32(zone)) ?? 3
    taken[rank] += 1
    last = context.now.milliseconds
  }

  /// In the order of `policy_metrics`; `nil` where there was no decision.
  var figures: [(name: String, value: Double?)] {
    let sorted = waits.sorted()
    // Type 7 of Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566, as in every other percentile.
    func percentile(_ fraction: Double) -> Double? {
      guard !sorted.isEmpty else { return nil }
      let place = fraction * Double(sorted.count - 1)
      let low = Double(sorted[Int(place)])
      let high = Double(sorted[min(Int(place) + 1, sorted.count - 1)])
      return (low + (place - place.rounded(.down)) * (high - low)) / 1000
    }
    func share(_ number: Int) -> Double? { waits.isEmpty ? nil : 100 * Double(number) / Double(waits.count) }
    let mean = waits.isEmpty ? nil : Double(waits.reduce(0, +)) / Double(waits.count) / 1000
    return [
      ("decisions", Double(waits.count)), ("time_to_decision_mean_s", mean),
      ("time_to_decision_p50_s", percentile(0.5)), ("time_to_decision_p95_s", percentile(0.95)),
      ("recommendation_1_taken_pct", share(taken[0])), ("recommendation_2_taken_pct", share(taken[1])),
      ("recommendation_3_taken_pct", share(taken[2])), ("other_zone_taken_pct", share(taken[3])),
    ]
  }
}
