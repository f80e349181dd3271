/// Home zones for jobs that bring none.
public enum HomeModel: Hashable, Sendable {
  /// No home zone: a policy that stays at home starts the job in the first zone of the list that has room.
  case none
  /// The same on purpose, so that nothing is noted.
  case first
  /// The zones of the scenario in turn, in order of submission.
  case roundRobin
  /// Drawn by weights, one a zone of the scenario.
  case weights([Double])

  /// The model as a scenario writes it, in a word where there is one.
  ///
  /// - Parameter codes: the scenario's zone codes in their order.
  public func name(_ codes: [String]) -> String {
    switch self {
    case .none: return "none"
    case .first: return "first"
    case .roundRobin: return "round-robin"
    case .weights(let weights):
      let used = weights.indices.filter { weights[$0] > 0 }
      if used.count == 1, codes.indices.contains(used[0]) { return codes[used[0]] }
      let isUniform = used.count == weights.count && weights.allSatisfy { $0 == weights[0] }
      return isUniform ? "uniform" : "weights"
    }
  }
}
