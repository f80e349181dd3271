import Domain

/// Reads `interruption:`: which jobs a policy may interrupt, and what it costs.
struct InterruptionDecoding {
  let reader: Reader

  /// Nobody where the scenario has no such key; everybody where it does not say who.
  func interruption(_ cell: Cell?) -> InterruptionRules {
    let allowed = ["allowed", "checkpoint", "resume", "checkpoint_kwh", "resume_kwh"]
    if let cell, case .scalar(let text, true) = cell.tree.content, ["true", "false"].contains(text) {
      reader.refuse(cell, expected: "a mapping with allowed", suggestion: "{allowed: \(text)}")
      return .never
    }
    guard cell != nil, let fields = reader.fields(cell, allowed: allowed) else { return .never }
    return InterruptionRules(
      types: types(fields.optional("allowed", else: "true")),
      checkpoint: span(fields.optional("checkpoint", else: "0s")),
      resume: span(fields.optional("resume", else: "0s")),
      checkpointEnergy: energy(fields.optional("checkpoint_kwh", else: "0")),
      resumeEnergy: energy(fields.optional("resume_kwh", else: "0")))
  }

  private func types(_ cell: Cell?) -> Set<WorkloadType> {
    guard let cell else { return Set(WorkloadType.allCases) }
    guard case .sequence = cell.tree.content else {
      if case .scalar("true", true) = cell.tree.content { return Set(WorkloadType.allCases) }
      if case .scalar("false", true) = cell.tree.content { return [] }
      reader.refuse(cell, expected: "true, false or a list of workload types")
      return []
    }
    let names = WorkloadType.allCases.map { ($0.name, $0) }
    return Set((reader.items(cell, expected: "workload types") ?? []).compactMap { reader.named($0, names) })
  }

  private func span(_ cell: Cell?) -> TimeSpan {
    guard let cell else { return .zero }
    if case .scalar(let text, _) = cell.tree.content, let span = TimeSpan(scenarioText: text), span >= .zero {
      return span
    }
    reader.refuse(cell, expected: "a time span ≥ 0 with a unit, such as 30s or 1m")
    return .zero
  }

  private func energy(_ cell: Cell?) -> Energy {
    Energy(reader.number(cell, expected: "kWh as a number from 0 to 1e12") { 0...1e12 ~= $0 } ?? 0)
  }
}
