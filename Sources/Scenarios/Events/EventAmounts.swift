import Domain

/// Reads factors and amounts of events.
extension EventDecoding {
  static let factorText = "a factor from 0 to 1000, or a percentage such as 50%"
  private static let amountText = "a number from 0 to 1e12, a percentage such as 50%, or {factor: 0.5}"
  private static let names = ["cpu_cores": "cores", "memory_gb": "GB", "gpus": "GPUs"]

  /// A number or a percentage; neither has a sign, with which it would be a change.
  ///
  /// - Parameter mayBeRise: whether a percentage below 100 may be meant as a rise by that much, and is noted.
  func factor(_ cell: Cell?, mayBeRise: Bool = false) -> Double? {
    guard let cell else { return nil }
    if refuseSign(cell, expected: EventDecoding.factorText, own: nil) { return nil }
    if let share = percentage(cell), (0...1000).contains(share) {
      if mayBeRise, share > 0, share < 1 {
        let (given, rise) = (Reader.plain(share * 100), Reader.plain(100 + share * 100))
        reader.remark(cell, "a fall to \(given) %: for a rise by \(given) % write \(rise)%")
      }
      return share
    }
    if refuseWord(cell, expected: EventDecoding.factorText) { return nil }
    let factor = reader.number(cell, expected: EventDecoding.factorText) { (0...1000).contains($0) }
    if let factor, factor >= 10 {
      let text = cell.tree.summary
      reader.remark(cell, "\(text) makes it \(text) times as much (\(text)% is \(Reader.plain(factor / 100)) times)")
    }
    return factor
  }

  /// `50%` as 0.5.
  private func percentage(_ cell: Cell) -> Double? {
    guard case .scalar(let text, _) = cell.tree.content, text.last == "%" else { return nil }
    let digits = text.dropLast().last == " " ? text.dropLast(2) : text.dropLast()
    return Double(digits).map { $0 / 100 }
  }

  /// A number, a percentage, or `{factor: 0.5}`.
  ///
  /// - Parameter zones: those whose capacity it is, for remedies.
  func amount(_ cell: Cell?, of key: String, in zones: [ZoneIndex]) -> EventSpec.Amount? {
    guard let cell else { return nil }
    if case .mapping = cell.tree.content {
      let fields = reader.fields(cell, allowed: ["factor"])
      return factor(fields?.required("factor", EventDecoding.factorText)).map { .factor($0) }
    }
    if refuseSign(cell, expected: EventDecoding.amountText, own: own(key, zones)) { return nil }
    if let share = percentage(cell), (0...1000).contains(share) { return .factor(share) }
    if refuseWord(cell, expected: EventDecoding.amountText) { return nil }
    let amount = reader.number(cell, expected: EventDecoding.amountText) { (0...1e12).contains($0) }
    if let amount, amount > 0, amount < 1 {
      let unit = key == "gpus" ? "of one GPU" : key == "cpu_cores" ? "of one core" : "of one GB"
      let percentage = Reader.plain(amount * 100)
      reader.remark(cell, "\(cell.tree.summary) is a part \(unit) (\(percentage)% is a part of what the zone has)")
    }
    return amount.map { .absolute(Int64(($0 * 1000).rounded())) }
  }

  /// The capacity that zones have of a resource in the scenario, if all have the same.
  private func own(_ key: String, _ zones: [ZoneIndex]) -> Double? {
    let amounts = zones.map { self.zones[$0].capacity }.map { capacity in
      key == "gpus" ? capacity.gpus : key == "cpu_cores" ? capacity.cpuCores : capacity.memoryGigabytes
    }
    return amounts.allSatisfy { $0 == amounts.first } ? amounts.first : nil
  }

  /// Refuses a signed number, which would be a change of what is there: `+20%`, `+6`.
  ///
  /// - Parameter own: the amount that it would change; `nil` for a factor.
  private func refuseSign(_ cell: Cell, expected: String, own: Double?) -> Bool {
    guard case .scalar(let text, _) = cell.tree.content, RelativeNumber.isSigned(text),
      let change = RelativeNumber(text)
    else { return false }
    var suggestion: String?
    switch change {
    case .factor(let factor):
      if (0...1000).contains(factor) { suggestion = Reader.plain(factor * 100) + "%" }
    case .difference(let difference):
      let value = own.map { change.applied(to: $0) } ?? (abs(difference) < 1 ? change.applied(to: 1) : difference)
      if own != nil || expected == EventDecoding.factorText, (0...1e12).contains(value) {
        suggestion = Reader.plain(value)
      }
    }
    reader.refuse(
      cell, expected: "\(expected), without a sign: what there is then, not a change", suggestion: suggestion)
    return true
  }

  /// Refuses a word or a multiple that is a percentage in other words: `half`, `x2`.
  private func refuseWord(_ cell: Cell, expected: String) -> Bool {
    guard case .scalar(let text, _) = cell.tree.content else { return false }
    var meant = RelativeNumber.percentage(of: text)
    if meant == nil, Double(text) == nil, text.last != "%", case .factor(let factor)? = RelativeNumber(text),
      (0...1000).contains(factor)
    {
      meant = Reader.plain(factor * 100) + "%"
    }
    guard let meant else { return false }
    reader.refuse(cell, expected: expected, suggestion: meant)
    return true
  }

  /// Notes capacities above those that zones have in the scenario: `50` may be meant as `50%`.
  func remarkRaise(_ amounts: [EventSpec.Amount?], in zones: [ZoneIndex], _ cell: Cell) {
    let keys = ["cpu_cores", "memory_gb", "gpus"]
    for (key, amount) in zip(keys, amounts) {
      // Large factors have a remark of their own.
      guard let amount, !amount.isLargeFactor else { continue }
      var changes: [(text: String, codes: [String])] = []
      for zone in zones {
        let capacity = self.zones[zone].capacity
        let old =
          key == "gpus" ? capacity.milliGPUs : key == "cpu_cores" ? capacity.milliCores : capacity.milliGigabytes
        let new = amount.applied(to: old)
        guard new > old else { continue }
        let text = "\(Reader.plain(Double(old) / 1000)) → \(Reader.plain(Double(new) / 1000))"
        if let place = changes.firstIndex(where: { $0.text == text }) {
          changes[place].codes.append(self.zones[zone].code)
        } else {
          changes.append((text, [self.zones[zone].code]))
        }
      }
      guard !changes.isEmpty else { continue }
      let told = changes.prefix(4).map { change in
        let more = change.codes.count > 3 ? " and \(change.codes.count - 3) more" : ""
        return "\(EventDecoding.names[key] ?? key) of \(change.codes.prefix(3).joined(separator: ", "))\(more): "
          + change.text
      }
      let hint = amount.percentageHint.map { " (a percentage of what the zone has is \($0))" } ?? ""
      reader.remark(
        Cell(tree: cell.tree, path: "\(cell.path)"),
        "more than the zones have: \(told.joined(separator: "; "))\(changes.count > 4 ? "; …" : "")\(hint)")
    }
  }
}

extension EventSpec.Amount {
  fileprivate var isLargeFactor: Bool { if case .factor(let factor) = self { factor >= 10 } else { false } }

  /// `50%` for a whole number below 100, whose sign may have been forgotten.
  fileprivate var percentageHint: String? {
    guard case .absolute(let own) = self, own % 1000 == 0, own < 100_000 else { return nil }
    return "\(own / 1000)%"
  }
}
