import Domain

/// Reads `requirements:`, a bound for each metric: a number, or a mapping with min and max.
struct RequirementDecoding {
  let reader: Reader

  /// Deadlines met are asked for by default; `none` asks for nothing.
  func requirements(_ cell: Cell?) -> [Requirement] {
    guard let cell else { return [.standard] }
    switch cell.tree.content {
    case .scalar("none", _): return []
    case .mapping(let entries) where !entries.isEmpty || cell.tree.origin == Tree.standardOrigin:
      let told = entries.compactMap { entry in
        requirement(entry.key, Cell(tree: entry.value, path: "\(cell.path).\(entry.key)"))
      }
      let asksForDeadlines = entries.contains { $0.key == Requirement.standard.metric }
      if !asksForDeadlines, let least = Requirement.standard.least {
        reader.fill(cell.path, Requirement.standard.metric, .number(least), isFirst: true)
      }
      return (asksForDeadlines ? [] : [.standard]) + told
    default:
      reader.refuse(cell, expected: "none, or a mapping of metrics' names to bounds such as sla_met_pct: 95")
      return [.standard]
    }
  }

  private func requirement(_ metric: String, _ cell: Cell) -> Requirement? {
    guard Metric.names.contains(metric) else {
      reader.refuse(
        cell, expected: "a metric's name, one of \(Metric.names.joined(separator: ", "))", found: metric,
        suggestion: nearest(to: metric, among: Metric.names))
      return nil
    }
    if case .mapping(let entries) = cell.tree.content {
      guard let fields = reader.fields(cell, allowed: ["min", "max"]) else { return nil }
      let least = reader.number(fields.optional("min"), expected: "a finite number")
      let most = reader.number(fields.optional("max"), expected: "a finite number")
      // An unknown key was reported.
      if entries.isEmpty {
        reader.refuse(cell, expected: "min or max", found: "neither")
      }
      if let cell = fields.optional("max"), let least, let most, most < least {
        reader.refuse(cell, expected: "at least min, which is \(least)")
      }
      return Requirement(metric: metric, least: least, most: most)
    }
    switch Metric.better(metric) {
    case .higher:
      return reader.number(cell, expected: "a least value, or {min: …, max: …}").map {
        Requirement(metric: metric, least: $0)
      }
    case .lower:
      return reader.number(cell, expected: "a largest value, or {min: …, max: …}").map {
        Requirement(metric: metric, most: $0)
      }
    case .neither:
      reader.refuse(cell, expected: "{min: …, max: …}, as \(metric) is neither better high nor low")
      return nil
    }
  }
}
