import Domain

/// Reads `replications:`, `until:`, `warm_up:` and `checks:`.
struct ExperimentDecoding {
  let reader: Reader
  let directory: String
  /// The policies that run, the baseline among them.
  let policies: [String]
  /// Those that a check may name: where an override chose what runs, the file's checks may be of others too.
  let checkable: [String]

  /// How many, and where their clocks start.
  func replications(
    _ top: Fields, _ clock: (start: Instant, duration: TimeSpan)?, _ workload: WorkloadSpec?
  ) -> (count: Int, windows: WindowSpec?) {
    if let cell = top.optional("replications"), case .mapping = cell.tree.content {
      guard let windows = WindowDecoding(reader: reader, clock: clock, workload: workload).windows(cell) else {
        return (1, nil)
      }
      return (windows.count, windows)
    }
    let cell = top.optional("until") == nil ? top.optional("replications", else: "1") : top.optional("replications")
    let count = reader.whole(
      cell, expected: "a whole number from 1 to 1,000,000, or windows", in: 1...1_000_000)
    return (count ?? 1, nil)
  }

  /// - Parameter windows: how many there are at most; `nil` where replications are not windows.
  func until(_ top: Fields, windows: Int?) -> StoppingSpec? {
    guard let cell = top.optional("until") else { return nil }
    if windows == nil, let count = top.optional("replications") {
      reader.refuse(count, expected: "either replications or until", found: "both")
    }
    let allowed = ["metric", "policy", "half_width", "confidence", "min", "max"]
    guard let fields = reader.fields(cell, allowed: allowed) else { return nil }
    let metric = name(fields.required("metric", "a metric's name"), among: Metric.names, "a metric's name")
    let policy = name(fields.optional("policy"), among: policies, "a policy that runs")
    let width = reader.number(fields.required("half_width", "a number > 0"), expected: "a number > 0") { $0 > 0 }
    let confidence = reader.number(
      fields.optional("confidence", else: "0.95"), expected: "a number from 0.5 to 0.9999"
    ) {
      $0 >= 0.5 && $0 <= 0.9999
    }
    let least = reader.whole(
      fields.optional("min", else: "10"), expected: "a whole number from 2 to 1,000,000", in: 2...1_000_000)
    let most = reader.whole(fields.optional("max"), expected: "a whole number from 2 to 1,000,000", in: 2...1_000_000)
    if let cell = fields.optional("max"), let most, most < least ?? 10 {
      reader.refuse(cell, expected: "at least min, which is \(least ?? 10)")
    }
    if let windows, max(most ?? 0, least ?? 10) > windows {
      reader.refuse(cell, expected: "min (10 by default) and max of at most the \(windows) windows")
    }
    let usual = windows ?? max(1000, least ?? 10)
    if most == nil { _ = fields.optional("max", else: "\(usual)") }
    guard let metric, let width else { return nil }
    return StoppingSpec(
      metric: metric, policy: policy, halfWidth: width, confidence: confidence ?? 0.95, least: least ?? 10,
      most: most ?? usual)
  }

  func warmUp(_ top: Fields, _ duration: TimeSpan?) -> WarmUpSpec {
    let cell = top.optional("warm_up", else: "none")
    if case .scalar(let text, _) = cell.tree.content {
      if text == "none" { return .none }
      if text == "mser-5" { return .mser5 }
      if let span = TimeSpan(scenarioText: text), span >= .zero, span < duration ?? .days(400_000) {
        return span == .zero ? .none : .span(span)
      }
    }
    reader.refuse(cell, expected: "mser-5, none, or a time span shorter than the clock, such as 2d")
    return .none
  }

  func checks(_ top: Fields) -> [CheckSpec] {
    guard let cell = top.optional("checks") else { return [] }
    return (reader.items(cell, expected: "a list of checks") ?? []).compactMap { check($0) }
  }

  private func check(_ cell: Cell) -> CheckSpec? {
    let allowed = ["metric", "policy", "min", "max", "baseline", "abs", "rel"]
    guard let fields = reader.fields(cell, allowed: allowed) else { return nil }
    let metrics = metrics(fields.optional("metric"))
    let policy = name(fields.optional("policy"), among: checkable, "a policy that runs")
    let inSeconds = metrics.first { $0.hasSuffix("_s") } ?? ""
    let least = reader.bound(fields.optional("min"), of: inSeconds, expected: "a finite number")
    let most = reader.bound(fields.optional("max"), of: inSeconds, expected: "a finite number")
    for key in ["min", "max"] { for metric in metrics { reader.remarkShare(fields.optional(key), of: metric) } }
    let baseline = reader.text(fields.optional("baseline"), expected: "the path of a metrics.csv")
    if fields.optional("baseline") != nil {
      for key in ["abs", "rel"] { _ = fields.optional(key, else: "0") }
    }
    let absolute = reader.number(fields.optional("abs"), expected: "a number ≥ 0") { $0 >= 0 }
    let relative = reader.number(fields.optional("rel"), expected: "a number ≥ 0") { $0 >= 0 }
    if let cell = fields.optional("rel"), let relative, relative >= 1 {
      reader.remark(
        cell,
        "\(Reader.plain(relative)) is \(Reader.plain(relative * 100)) % (\(Reader.plain(relative / 100)) is \(Reader.plain(relative)) %)"
      )
    }
    let bounded = fields.optional("min") != nil || fields.optional("max") != nil
    let tolerant = fields.optional("abs") ?? fields.optional("rel")
    if !bounded, fields.optional("baseline") == nil, !fields.hasUnknownKey {
      reader.refuse(cell, expected: "min, max or baseline", found: "none of them")
    }
    if bounded, fields.optional("metric") == nil {
      reader.refuse(cell, expected: "a metric for min and max", found: "no metric")
    }
    if let tolerant, fields.optional("baseline") == nil {
      reader.refuse(tolerant, expected: "a baseline, to which abs and rel apply", found: "no baseline")
    }
    if let cell = fields.optional("max"), let least, let most, most < least {
      reader.refuse(cell, expected: "at least min, which is \(least)")
    }
    return CheckSpec(
      metrics: metrics, policy: policy, least: least, most: most,
      baseline: baseline.map { resolved($0, in: directory) },
      absolute: absolute ?? 0, relative: relative ?? 0, line: cell.tree.line)
  }

  /// One name or a list of names; empty where none is told.
  private func metrics(_ cell: Cell?) -> [String] {
    guard let cell else { return [] }
    guard case .sequence = cell.tree.content else {
      return name(cell, among: Metric.names, "a metric's name").map { [$0] } ?? []
    }
    let cells = reader.items(cell, expected: "a list of metrics' names") ?? []
    return cells.compactMap { name($0, among: Metric.names, "a metric's name") }
  }

  private func name(_ cell: Cell?, among names: [String], _ what: String) -> String? {
    guard let cell, let text = reader.text(cell, expected: what) else { return nil }
    if names.contains(text) { return text }
    reader.refuse(
      cell, expected: "\(what), one of \(names.joined(separator: ", "))", suggestion: nearest(to: text, among: names))
    return nil
  }
}
