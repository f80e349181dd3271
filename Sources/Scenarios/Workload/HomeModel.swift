/// Home zones for jobs that bring none.
public enum HomeModel: Hashable, Sendable {
  /// No home zone: a policy that stays at home starts the job in the first zone of the list that has room.
  case none
  /// No home zone, by explicit choice, so that nothing is noted.
  case first
  /// The zones of the scenario in turn, in order of submission.
  case roundRobin
  /// Drawn by weights, one a zone of the scenario.
  case weights([Double])

  /// Weights of more zones are counted.
  private static let mostNamed = 12

  /// `2`, `0.25`
  private static func text(_ weight: Double) -> String {
    weight == weight.rounded() && weight < 1e15 ? "\(Int64(weight))" : "\(weight)"
  }

  /// The model as a scenario writes it: a word, a zone's code, or `weights {A: 2, B: 1}`.
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
      if isUniform { return "uniform" }
      guard used.count <= HomeModel.mostNamed, used.allSatisfy(codes.indices.contains) else {
        return "weights of \(used.count) zones"
      }
      return "weights {" + used.map { "\(codes[$0]): \(HomeModel.text(weights[$0]))" }.joined(separator: ", ") + "}"
    }
  }
}
