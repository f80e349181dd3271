import Domain
import Randomness

/// Reads a distribution: a number, or a mapping with a law and limits.
struct DistributionDecoding {
  enum Unit {
    case number
    /// Seconds, or a time span such as 8h.
    case seconds

    var expected: String {
      switch self {
      case .number: "a number"
      case .seconds: "a time span such as 8h or a number of seconds"
      }
    }
  }

  static let laws = DistributionFamily.allCases.map(\.rawValue) + ["empirical", "choices", "powers_of_two", "mixture"]

  let reader: Reader
  let directory: String

  /// - Parameter extra: keys of the mapping that the caller reads.
  func distribution(_ cell: Cell, unit: Unit = .number, extra: [String] = []) -> Distribution? {
    guard case .mapping = cell.tree.content else {
      guard let value = value(cell, unit) else { return nil }
      return made(at: cell) { () throws(DistributionError) in try .constant(value) }
    }
    let allowed = DistributionDecoding.laws + ["min", "max"] + extra
    guard let fields = reader.fields(cell, allowed: allowed) else { return nil }
    let low = fields.optional("min").flatMap { value($0, unit) }
    let high = fields.optional("max").flatMap { value($0, unit) }
    let given = DistributionDecoding.laws.filter { fields.optional($0) != nil }
    guard given.count == 1, let name = given.first, let inner = fields.optional(name) else {
      let found = given.isEmpty ? "no distribution" : given.joined(separator: " and ")
      reader.refuse(cell, expected: "one of \(DistributionDecoding.laws.joined(separator: ", "))", found: found)
      return nil
    }
    let law =
      switch name {
      case "empirical": empirical(inner)
      case "choices": choices(inner, unit)
      case "powers_of_two": powersOfTwo(inner)
      case "mixture": mixture(inner, unit)
      default: family(name, inner, unit)
      }
    guard let law else { return nil }
    return made(at: cell) { () throws(DistributionError) in try law.truncated(from: low, to: high) }
  }

  private func made(
    at cell: Cell, _ make: () throws(DistributionError) -> Distribution
  ) -> Distribution? {
    do { return try make() } catch {
      reader.refuse(error, at: cell)
      return nil
    }
  }

  private func value(_ cell: Cell, _ unit: Unit) -> Double? {
    if unit == .seconds, case .scalar(let text, _) = cell.tree.content, Double(text) == nil,
      let span = TimeSpan(scenarioText: text)
    {
      return span.inSeconds
    }
    return reader.number(cell, expected: unit.expected)
  }

  private func family(_ name: String, _ cell: Cell, _ unit: Unit) -> Distribution? {
    guard let family = DistributionFamily(rawValue: name) else { return nil }
    if family == .constant, case .scalar = cell.tree.content {
      return value(cell, unit).flatMap { value in
        made(at: cell) { () throws(DistributionError) in try .constant(value) }
      }
    }
    guard let fields = reader.fields(cell, allowed: family.parameters) else { return nil }
    var values: [String: Double] = [:]
    for parameter in family.parameters {
      guard let given = fields.optional(parameter) else { continue }
      let isSpan = unit == .seconds && DistributionFamily.dimensional.contains(parameter)
      guard let value = value(given, isSpan ? .seconds : .number) else { return nil }
      values[parameter] = value
    }
    // An unknown key has been told; what is left may be short of a parameter by it.
    if case .mapping(let entries) = cell.tree.content, entries.count != values.count { return nil }
    return made(at: cell) { () throws(DistributionError) in try family.distribution(values) }
  }

  private func choices(_ cell: Cell, _ unit: Unit) -> Distribution? {
    var choices: [(value: Double, weight: Double)] = []
    switch cell.tree.content {
    case .mapping(let entries):
      for entry in entries {
        let key = Tree(
          content: .scalar(entry.key, plain: true), line: entry.line, column: entry.column, origin: entry.value.origin)
        let weight = Cell(tree: entry.value, path: "\(cell.path).\(entry.key)")
        guard let value = value(Cell(tree: key, path: weight.path), unit),
          let share = reader.number(weight, expected: "a weight ≥ 0", where: { $0 >= 0 })
        else { return nil }
        choices.append((value, share))
      }
    default:
      let items = reader.items(cell, expected: "values with their weights, or a list of values") ?? []
      choices = items.compactMap { item in value(item, unit).map { ($0, 1) } }
      guard choices.count == items.count, !items.isEmpty else { return nil }
    }
    return made(at: cell) { () throws(DistributionError) in try .discrete(choices) }
  }

  private func powersOfTwo(_ cell: Cell) -> Distribution? {
    guard let fields = reader.fields(cell, allowed: ["from", "to", "weights"]) else { return nil }
    let expected = "a power of two from 1 to 1048576"
    let isPower = { (number: Double) in (0...20).contains { Double(1 << $0) == number } }
    let from = reader.number(fields.required("from", expected), expected: expected, where: isPower)
    let to = reader.number(fields.required("to", expected), expected: expected, where: isPower)
    guard let from, let to else { return nil }
    guard from <= to else {
      reader.refuse(fields.optional("to") ?? cell, expected: "at least from (\(Int(from)))")
      return nil
    }
    let values = sequence(first: from) { $0 < to ? $0 * 2 : nil }.map { $0 }
    var weights = values.map { _ in 1.0 }
    if let given = fields.optional("weights") {
      let items = reader.items(given, expected: "\(values.count) weights") ?? []
      let numbers = items.compactMap { reader.number($0, expected: "a weight ≥ 0") { $0 >= 0 } }
      guard numbers.count == items.count else { return nil }
      guard numbers.count == values.count else {
        reader.refuse(given, expected: "\(values.count) weights", found: "\(numbers.count)")
        return nil
      }
      weights = numbers
    }
    return made(at: cell) { () throws(DistributionError) in
      try .discrete(zip(values, weights).map { (value: $0, weight: $1) })
    }
  }

  private func mixture(_ cell: Cell, _ unit: Unit) -> Distribution? {
    let items = reader.items(cell, expected: "a list of distributions with weights") ?? []
    let parts = items.compactMap { item -> (weight: Double, part: Distribution)? in
      let weight = item.tree.value("weight").map { Cell(tree: $0, path: "\(item.path).weight") }
      let share = reader.number(weight, expected: "a weight ≥ 0") { $0 >= 0 }
      guard let part = distribution(item, unit: unit, extra: ["weight"]) else { return nil }
      return weight != nil && share == nil ? nil : (share ?? 1, part)
    }
    guard !items.isEmpty, parts.count == items.count else { return nil }
    return made(at: cell) { () throws(DistributionError) in try .mixture(parts) }
  }

  private func empirical(_ cell: Cell) -> Distribution? {
    guard let fields = reader.fields(cell, allowed: ["file", "column", "scale"]) else { return nil }
    let file = reader.text(fields.required("file", "a CSV file's path"), expected: "a CSV file's path")
    let column = reader.text(fields.required("column", "a column's name"), expected: "a column's name")
    let scale = reader.number(fields.optional("scale", else: "1"), expected: "a number > 0") { $0 > 0 } ?? 1
    guard let file, let column else { return nil }
    do {
      let values = try EmpiricalColumn.values(of: column, in: reader.input(file, in: directory, at: cell))
      return try .empirical(values.map { $0 * scale })
    } catch let error as EmpiricalColumn.Fault {
      reader.refuse(cell, expected: error.expected, found: error.found)
    } catch {
      reader.refuse(cell, expected: "values to draw from", found: "\(error)")
    }
    return nil
  }
}
