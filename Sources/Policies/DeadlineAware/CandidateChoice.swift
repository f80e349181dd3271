internal import Domain

/// Where and when a job is best started, and the zones ranked by the best score each.
struct CandidateChoice {
  /// -1 where no candidate has room.
  var zone = -1
  var start: Int64 = 0
  var score = Double.infinity
  /// True if hard caps rule every candidate out.
  var breaksCaps = false
  /// The best three zones by score, room or not.
  var ranking = Recommendations()

  var isFound: Bool { zone >= 0 }
}

/// Scores closer than this are the same: the earlier start wins, then the scenario's order.
func scoreTolerance(_ score: Double) -> Double { 1e-12 * max(1, score.magnitude) }
