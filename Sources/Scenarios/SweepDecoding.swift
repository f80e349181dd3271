import Domain
import Foundation
import Randomness

/// Reads `sweep:`: the points of a grid, of a list, or of a Latin hypercube.
struct SweepDecoding {
  let reader: Reader
  let seed: UInt64

  private static let pointLimit = 1_000_000
  private static let expected = "a mapping with exactly one of grid, list or latin_hypercube"

  func sweep(_ top: Fields) -> SweepSpec? {
    guard let cell = top.optional("sweep") else { return nil }
    if let until = top.optional("until") {
      reader.refuse(
        until, expected: "replications, as the number of runs of a sweep is fixed beforehand", found: "until")
    }
    let kinds = ["grid", "list", "latin_hypercube"]
    guard let fields = reader.fields(cell, allowed: kinds, expected: SweepDecoding.expected) else { return nil }
    let told = kinds.compactMap { fields.optional($0) }
    guard told.count == 1 else {
      reader.refuse(
        cell, expected: SweepDecoding.expected, found: told.isEmpty ? "none of them" : "\(told.count) of them")
      return nil
    }
    if let cell = fields.optional("grid") { return grid(cell) }
    if let cell = fields.optional("list") { return list(cell) }
    return fields.optional("latin_hypercube").flatMap { hypercube($0) }
  }

  /// Every combination of the keys' values; the last key's change fastest.
  private func grid(_ cell: Cell) -> SweepSpec? {
    guard let axes = entries(cell, expected: "a mapping of dotted keys to lists of values") else { return nil }
    var lists: [(key: String, values: [Cell])] = []
    var count = 1
    for (key, axis) in axes {
      guard let values = reader.items(axis, expected: "a list of values") else { return nil }
      lists.append((key, values))
      count *= values.count
      guard count <= SweepDecoding.pointLimit else {
        reader.refuse(cell, expected: "at most \(SweepDecoding.pointLimit) points", found: "more")
        return nil
      }
    }
    var points: [[(key: String, value: String)]] = [[]]
    for (key, values) in lists {
      points = points.flatMap { point in values.map { point + [(key, $0.tree.flow)] } }
    }
    return SweepSpec(points: points.map { SweepSpec.Point(overrides: $0) })
  }

  private func list(_ cell: Cell) -> SweepSpec? {
    guard let cells = reader.items(cell, expected: "a list of points") else { return nil }
    let points = cells.compactMap { cell in
      entries(cell, expected: "a mapping of dotted keys to values").map { entries in
        SweepSpec.Point(overrides: entries.map { ($0.key, $0.cell.tree.flow) })
      }
    }
    return points.count == cells.count ? SweepSpec(points: points) : nil
  }

  /// McKay, Beckman and Conover 1979, doi:10.1080/00401706.1979.10489755: each of n equal parts of every range has one
  /// point. Each key has a stream of its own, so a further key leaves the others' values as they are.
  private func hypercube(_ cell: Cell) -> SweepSpec? {
    guard let fields = reader.fields(cell, allowed: ["points", "ranges"]) else { return nil }
    let limit = SweepDecoding.pointLimit
    let wanted = "a whole number from 1 to \(numberText(Double(limit)))"
    let count = reader.whole(fields.required("points", wanted), expected: wanted, in: 1...limit)
    let expected = "a mapping of dotted keys to [low, high] or {low, high, scale, whole}"
    let axes = fields.required("ranges", expected).flatMap { entries($0, expected: expected) } ?? []
    let ranges = axes.compactMap { axis in range(axis.cell).map { (axis.key, $0) } }
    guard let count, !ranges.isEmpty, ranges.count == axes.count else { return nil }
    var points = Array(repeating: SweepSpec.Point(overrides: []), count: count)
    for (key, range) in ranges {
      var stream = RandomStream(seed: seed, replication: 0, name: "sweep \(key)")
      var order = Array(0..<count)
      for place in stride(from: count - 1, to: 0, by: -1) { order.swapAt(place, stream.below(place + 1)) }
      for place in points.indices {
        let share = (Double(order[place]) + stream.uniform()) / Double(count)
        points[place].overrides.append((key, range.text(at: share)))
      }
    }
    return SweepSpec(points: points)
  }

  private struct Range {
    var low: Double
    var high: Double
    var isLogarithmic = false
    var isWhole = false

    func text(at share: Double) -> String {
      if isWhole { return String(Int((low + (high + 1 - low) * share).rounded(.down))) }
      let value = isLogarithmic ? low * pow(high / low, share) : low + (high - low) * share
      return "\(value)"
    }
  }

  private enum Scale: String, CaseIterable {
    case linear, log
  }

  private func range(_ cell: Cell) -> Range? {
    var range: Range
    if case .sequence = cell.tree.content {
      let cells = reader.items(cell, expected: "[low, high]") ?? []
      let ends = cells.compactMap { reader.number($0, expected: "a finite number") }
      guard cells.count == 2, ends.count == 2 else {
        if cells.count != 2 { reader.refuse(cell, expected: "[low, high]", found: "\(cells.count) values") }
        return nil
      }
      range = Range(low: ends[0], high: ends[1])
    } else {
      guard let fields = reader.fields(cell, allowed: ["low", "high", "scale", "whole"], expected: "[low, high]") else {
        return nil
      }
      let low = reader.number(fields.required("low", "a finite number"), expected: "a finite number")
      let high = reader.number(fields.required("high", "a finite number"), expected: "a finite number")
      guard let low, let high else { return nil }
      range = Range(low: low, high: high)
      range.isLogarithmic = reader.choice(fields.optional("scale"), of: Scale.self) == .log
      range.isWhole = reader.flag(fields.optional("whole")) ?? false
    }
    if range.low >= range.high {
      reader.refuse(cell, expected: "a low end below the high end", found: "\(range.low) and \(range.high)")
    } else if range.isLogarithmic, range.low <= 0 || range.isWhole {
      reader.refuse(
        cell, expected: "a low end above 0, and whole: false, on a logarithmic scale",
        found: "\(range.low) and \(range.high)")
    } else if range.isWhole,
      max(abs(range.low), abs(range.high)) > 1e15 || range.low != range.low.rounded()
        || range.high != range.high.rounded()
    {
      reader.refuse(
        cell, expected: "whole numbers up to 1e15 as ends, as whole is true", found: "\(range.low) and \(range.high)")
    }
    return range
  }

  private func entries(_ cell: Cell, expected: String) -> [(key: String, cell: Cell)]? {
    guard case .mapping(let entries) = cell.tree.content, !entries.isEmpty else {
      reader.refuse(cell, expected: expected)
      return nil
    }
    return entries.map { ($0.key, Cell(tree: $0.value, path: "\(cell.path).\($0.key)")) }
  }
}
