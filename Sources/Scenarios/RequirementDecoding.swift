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
    guard let definition = Metric(rawValue: metric)?.definition else {
      reader.refuse(
        cell, expected: "a metric's name, one of \(Metric.names.joined(separator: ", "))", found: metric,
        suggestion: nearest(to: metric, among: Metric.names))
      return nil
    }
    // A bound outside would be kept by every policy, or by none.
    func isPossible(_ bound: Double) -> Bool { bound.isFinite && definition.bounds.contains(bound) }
    let expected = definition.expected
    if case .mapping(let entries) = cell.tree.content {
      guard let fields = reader.fields(cell, allowed: ["min", "max"]) else { return nil }
      let least = reader.bound(fields.optional("min"), of: metric, expected: expected) { isPossible($0) }
      let most = reader.bound(fields.optional("max"), of: metric, expected: expected) { isPossible($0) }
      // An unknown key was reported.
      if entries.isEmpty {
        reader.refuse(cell, expected: "min or max", found: "neither")
      }
      if let cell = fields.optional("max"), let least, let most, most < least {
        reader.refuse(cell, expected: "at least min, which is \(least)")
      }
      for key in ["min", "max"] { reader.remarkShare(fields.optional(key), of: metric) }
      return Requirement(metric: metric, least: least, most: most)
    }
    reader.remarkShare(cell, of: metric)
    switch definition.better {
    case .higher:
      return reader.bound(cell, of: metric, expected: "\(expected) (the minimum), or {min: …, max: …}") {
        isPossible($0)
      }.map { Requirement(metric: metric, least: $0) }
    case .lower:
      return reader.bound(cell, of: metric, expected: "\(expected) (the maximum), or {min: …, max: …}") {
        isPossible($0)
      }.map { Requirement(metric: metric, most: $0) }
    case .neither:
      reader.refuse(cell, expected: "{min: …, max: …}, as neither high nor low values of \(metric) are better")
      return nil
    }
  }
}

extension Reader {
  /// A bound of a metric; of one in seconds also a time span such as `1h`.
  func bound(
    _ cell: Cell?, of metric: String, expected: String, where holds: (Double) -> Bool = { _ in true }
  ) -> Double? {
    guard metric.hasSuffix("_s"), let cell, case .scalar(let text, _) = cell.tree.content, Double(text) == nil else {
      return number(cell, expected: expected, where: holds)
    }
    if let span = TimeSpan(scenarioText: text), holds(span.inSeconds) { return span.inSeconds }
    refuse(
      cell, expected: "\(expected), in seconds or with a unit, such as 1h", suggestion: TimeSpan.abbreviated(text))
    return nil
  }

  /// A number with at most three digits after the point.
  static func plain(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
  }

  /// Notes a bound of a percentage that was probably written as a share, and one of a share as a percentage.
  func remarkShare(_ cell: Cell?, of metric: String) {
    if let cell, Metric(rawValue: metric)?.definition.unit == .share, case .scalar(let text, _) = cell.tree.content,
      let bound = Double(text), bound > 1
    {
      remark(cell, "\(metric) is a share from 0 to 1 (\(Reader.plain(bound / 100)) is \(text) %)")
      return
    }
    guard let cell, let definition = Metric(rawValue: metric)?.definition, definition.unit == .percent,
      definition.better == .higher, case .scalar(let text, _) = cell.tree.content, let bound = Double(text), bound > 0,
      bound < 1
    else { return }
    let percentage = Reader.plain(bound * 100)
    remark(cell, "\(text) of \(metric) is less than 1 % (\(percentage) is \(percentage) %)")
  }
}
