internal import Foundation
internal import Randomness

/// A search for the best weights: all are ≥ 0 and add up to 1.
///
/// It begins with the weights that there are, even ones, each weight alone, and a Latin hypercube (McKay, Beckman and
/// Conover 1979, doi:10.1080/00401706.1979.10489755) whose uniform numbers become weights as exponential ones over their
/// sum do: half of the budget. The rest goes to Nelder and Mead's simplex (1965, doi:10.1093/comjnl/7.4.308) with the
/// coefficients of Gao and Han (2012, doi:10.1007/s10589-010-9329-3), begun anew at the next best of the first half when
/// it has closed; a vertex that leaves the weights' simplex is taken to its nearest point there (Duchi and others 2008,
/// doi:10.1145/1390156.1390191), so that a weight can become 0. Only comparisons of outcomes are used, never
/// differences: an order with constraints is as good as one number.
///
/// A point is whole ten-thousandths, so that what is written down is what was looked at; no point is looked at twice.
package struct SimplexSearch<Outcome> {
  package struct Point {
    /// Ten-thousandths, which add up to 10,000.
    package var parts: [Int]
    package var outcome: Outcome

    package var weights: [Double] { parts.map { Double($0) / 10_000 } }
  }

  private let dimension: Int
  private let budget: Int
  private let seed: UInt64
  private let isBetter: (Outcome, Outcome) -> Bool
  private let evaluate: ([[Int]]) throws -> [Outcome]
  /// In the order in which they were looked at; the first one is where the search began.
  package private(set) var points: [Point] = []
  private var places: [[Int]: Int] = [:]

  /// - Parameters:
  ///   - budget: points at most; at least one is looked at.
  ///   - isBetter: a strict order.
  ///   - evaluate: the outcomes of points, all of which are new.
  package init(
    dimension: Int, budget: Int, seed: UInt64, isBetter: @escaping (Outcome, Outcome) -> Bool,
    evaluate: @escaping ([[Int]]) throws -> [Outcome]
  ) {
    precondition(dimension > 0 && budget > 0, "a search for nothing, or with nothing")
    self.dimension = dimension
    self.budget = budget
    self.seed = seed
    self.isBetter = isBetter
    self.evaluate = evaluate
  }

  /// - Parameter start: weights that there are.
  /// - Throws: what `evaluate` throws.
  package mutating func run(from start: [Double]) throws {
    var design = [start, Array(repeating: 1 / Double(dimension), count: dimension)]
    for alone in 0..<dimension { design.append((0..<dimension).map { $0 == alone ? 1 : 0 }) }
    design += hypercube(max(0, budget / 2 - design.count))
    try look(at: design)
    let starts = points.indices.sorted { isBetter(points[$0].outcome, points[$1].outcome) }
    var step = 0.2
    for place in starts where points.count < budget && dimension > 1 {
      try descend(from: points[place].weights, step: step)
      step = max(0.05, step / 1.5)
    }
  }

  /// The best of all; of equals the one that came first.
  package var best: Int {
    points.indices.dropFirst().reduce(0) { isBetter(points[$1].outcome, points[$0].outcome) ? $1 : $0 }
  }

  private func hypercube(_ count: Int) -> [[Double]] {
    guard count > 0 else { return [] }
    var stream = RandomStream(seed: seed, replication: 0, name: "tune")
    var columns: [[Double]] = []
    for _ in 0..<dimension {
      var order = Array(0..<count)
      for place in order.indices.dropLast() { order.swapAt(place, place + stream.below(count - place)) }
      columns.append(order.map { -log((Double($0) + stream.uniformPositive()) / Double(count)) })
    }
    return (0..<count).map { row in
      let drawn = columns.map { $0[row] }
      let sum = drawn.reduce(0, +)
      return sum > 0 ? drawn.map { $0 / sum } : drawn.map { _ in 1 / Double(dimension) }
    }
  }

  /// Looks at those of some points that are new, as far as the budget goes.
  private mutating func look(at wanted: [[Double]]) throws {
    var new: [[Int]] = []
    for weights in wanted where points.count + new.count < budget {
      let parts = SimplexSearch.parts(weights)
      guard places[parts] == nil else { continue }
      places[parts] = points.count + new.count
      new.append(parts)
    }
    guard !new.isEmpty else { return }
    points += zip(new, try evaluate(new)).map { Point(parts: $0, outcome: $1) }
  }

  /// The place of a point, looked at where it is new; `nil` where the budget is spent.
  private mutating func place(_ vertex: [Double]) throws -> Int? {
    let weights = SimplexSearch.projected(vertex)
    try look(at: [weights])
    return places[SimplexSearch.parts(weights)]
  }

  /// One descent; it ends when the simplex has closed, when it learns nothing new, or with the budget.
  private mutating func descend(from start: [Double], step: Double) throws {
    let size = Double(max(2, dimension - 1))
    let (expansion, contraction, shrinkage) = (1 + 2 / size, 0.75 - 1 / (2 * size), 1 - 1 / size)
    var simplex = [start]
    for axis in 0..<(dimension - 1) {
      // Towards one weight, off all others; where it has most already, towards the last.
      let target = start[axis] > 0.5 ? dimension - 1 : axis
      simplex.append(start.indices.map { start[$0] + step * (($0 == target ? 1 : 0) - start[$0]) })
    }
    var vertices: [(at: [Double], place: Int)] = []
    for vertex in simplex {
      guard let place = try place(vertex) else { return }
      vertices.append((vertex, place))
    }
    var idle = 0
    while idle < 20 {
      let before = points.count
      vertices.sort { isBetter(points[$0.place].outcome, points[$1.place].outcome) }
      let diameter = vertices.dropFirst().map { SimplexSearch.distance($0.at, vertices[0].at) }.max() ?? 0
      if diameter < 0.002 { return }
      let worst = vertices.count - 1
      let centre = (0..<dimension).map { axis in
        vertices[..<worst].reduce(0) { $0 + $1.at[axis] } / Double(worst)
      }
      func along(_ factor: Double) -> [Double] {
        SimplexSearch.projected(zip(centre, vertices[worst].at).map { $0 + factor * ($0 - $1) })
      }
      let reflected = along(1)
      guard let tried = try place(reflected) else { return }
      func beats(_ place: Int, _ other: Int) -> Bool { isBetter(points[place].outcome, points[other].outcome) }
      if beats(tried, vertices[0].place) {
        let further = along(expansion)
        guard let place = try place(further) else { return }
        vertices[worst] = beats(place, tried) ? (further, place) : (reflected, tried)
      } else if beats(tried, vertices[worst - 1].place) {
        vertices[worst] = (reflected, tried)
      } else {
        let isInside = !beats(tried, vertices[worst].place)
        let nearer = along(isInside ? -contraction : contraction)
        guard let place = try place(nearer) else { return }
        if beats(place, isInside ? vertices[worst].place : tried) {
          vertices[worst] = (nearer, place)
        } else {
          for other in 1...worst {
            let shrunk = zip(vertices[0].at, vertices[other].at).map { $0 + shrinkage * ($1 - $0) }
            guard let place = try self.place(shrunk) else { return }
            vertices[other] = (shrunk, place)
          }
        }
      }
      idle = points.count == before ? idle + 1 : 0
    }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { abs($0 - $1) }.max() ?? 0
  }

  /// The nearest weights, by the algorithm of Duchi and others.
  package static func projected(_ point: [Double]) -> [Double] {
    var sum = 0.0
    var shift = 0.0
    for (place, value) in point.sorted(by: >).enumerated() {
      sum += value
      let candidate = (sum - 1) / Double(place + 1)
      if value > candidate { shift = candidate }
    }
    return point.map { max(0, $0 - shift) }
  }

  /// Ten-thousandths that add up to 10,000: the largest remainders get what rounding down left (Hamilton's method).
  package static func parts(_ weights: [Double]) -> [Int] {
    let sum = weights.reduce(0, +)
    let exact = weights.map { sum > 0 ? $0 / sum * 10_000 : 10_000 / Double(weights.count) }
    var parts = exact.map { Int($0) }
    let order = exact.indices.sorted {
      (exact[$1] - exact[$1].rounded(.down), $0) < (exact[$0] - exact[$0].rounded(.down), $1)
    }
    for place in order.prefix(10_000 - parts.reduce(0, +)) { parts[place] += 1 }
    return parts
  }
}
