/// Truncation of the initial transient of a series: the one that gives the mean of the rest the least marginal standard
/// error.
///
/// MSER-5 of White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69(6), 1997,
/// doi:10.1177/003754979706900601, and White and Spratt, "A comparison of five steady-state truncation heuristics for
/// simulation", Winter Simulation Conference 2000, doi:10.1109/WSC.2000.899854: of the means Z of batches of five, that d
/// is taken which minimises Σ (Z − mean)² / (n − d)² over the n − d batches from d on. A d beyond half the series would
/// rest on too few of them: only the first half is looked at.
public enum MSER {
  public struct Truncation: Equatable, Sendable {
    /// Values left out at the beginning.
    public var count: Int
    /// True if the error still falls at half of the series, which is too short to separate its transient from the rest.
    public var isDoubtful: Bool

    public init(count: Int, isDoubtful: Bool) {
      self.count = count
      self.isDoubtful = isDoubtful
    }
  }

  /// Looks from the end on, with running sums: O(values). What is left of a last batch that is not full is not looked at.
  /// Ties go to the shorter truncation. Fewer than two batches: nothing is left out.
  public static func truncation(of values: [Double], batch: Int = 5) -> Truncation {
    precondition(batch > 0, "batches of nothing")
    let count = values.count / batch
    guard count >= 2 else { return Truncation(count: 0, isDoubtful: true) }
    let means = (0..<count).map { place in
      values[place * batch..<(place + 1) * batch].reduce(0, +) / Double(batch)
    }
    // Welford's recurrence (1962, doi:10.1080/00401706.1962.10490022), from the last batch to the first.
    var mean = 0.0
    var squares = 0.0
    var best = (error: Double.infinity, place: 0)
    for place in means.indices.reversed() {
      let size = Double(count - place)
      let shift = means[place] - mean
      mean += shift / size
      squares += shift * (means[place] - mean)
      // One batch alone has no spread, and no error that could be told.
      guard size > 1 else { continue }
      let error = squares / (size * size)
      if place <= count / 2, error <= best.error { best = (error, place) }
    }
    return Truncation(count: best.place * batch, isDoubtful: best.place >= count / 2)
  }
}
