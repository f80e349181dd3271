internal import Foundation

/// Puts a label beside each marker so that nothing lies over anything else.
///
/// Deterministic, from north to south: of sixteen directions, near first, the first free place; a label with no free
/// place takes the least covered one. A few labels are placed again when all have a place.
struct Labels {
  struct Marker {
    var x: Double
    var y: Double
    var radius: Double
    var text: String

    var box: Box { Box(x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius) }
  }

  struct Label: Equatable {
    var box: Box
    /// Pushed off so far that a line leads to it.
    var isFar: Bool
    /// True if the text ends beside the marker rather than begins there.
    var isBefore: Bool

    /// End of the line from a marker to this label.
    func leader(_ marker: Marker) -> (x: Double, y: Double) {
      (min(max(marker.x, box.x), box.right), box.y + box.height / 2)
    }
  }

  static let size = 12.0
  static let lineHeight = 16.0

  /// - Parameters:
  ///   - taken: what labels must keep off beside the markers (title, legend).
  ///   - canvas: what they stay within, where they can.
  ///   - misplaced: the area of a marker's label at a box that lies where it must not, such as on another region, px².
  /// - Returns: a label a marker, in their order.
  /// - Complexity: O(n²).
  static func place(
    _ markers: [Marker], taken: [Box], size: Double = size, canvas: Box,
    misplaced: @escaping (_ marker: Int, _ box: Box) -> Double = { _, _ in 0 }
  ) -> [Label] {
    var placing = Placing(
      fixed: markers.map(\.box), taken: taken, canvas: canvas, markers: markers, misplaced: misplaced)
    let order = markers.indices.sorted { (markers[$0].y, markers[$0].x, $0) < (markers[$1].y, markers[$1].x, $1) }
    let candidates = markers.map { Labels.candidates($0, size) }
    for index in order { placing.choose(index, candidates[index]) }
    // A label that came early may stand where a later one had to go: a few more rounds, for a few labels.
    for _ in 0..<(markers.count <= mostRefined ? 4 : 0) {
      var isChanged = false
      for index in order { isChanged = placing.choose(index, candidates[index]) || isChanged }
      if !isChanged { break }
    }
    return placing.labels.compactMap { $0 }
  }

  private static let mostRefined = 30

  /// Labels as far as they have been placed.
  private struct Placing {
    let fixed: [Box]
    let taken: [Box]
    let canvas: Box
    let markers: [Marker]
    let misplaced: (Int, Box) -> Double
    var labels: [Label?]

    init(
      fixed: [Box], taken: [Box], canvas: Box, markers: [Marker], misplaced: @escaping (Int, Box) -> Double
    ) {
      (self.fixed, self.taken, self.canvas, self.markers) = (fixed, taken, canvas, markers)
      self.misplaced = misplaced
      labels = Array(repeating: nil, count: markers.count)
    }

    /// Gives a marker the first label that covers nothing, else the one that covers least; returns whether it is
    /// another than before.
    @discardableResult
    mutating func choose(_ index: Int, _ candidates: [Label]) -> Bool {
      let before = labels[index]
      labels[index] = nil
      var best: (label: Label, covered: Double)?
      for candidate in candidates {
        let covered = cost(candidate, of: index, bound: best?.covered ?? .infinity)
        // A long line is nearly as bad as one that crosses something.
        let far = candidate.isFar ? Segment(markers[index], candidate).length * Labels.farness : 0
        if best.map({ covered + far < $0.covered }) ?? true { best = (candidate, covered + far) }
        // Those that follow are no nearer.
        if covered <= 0.01 { break }
      }
      labels[index] = best?.label
      return labels[index] != before
    }

    /// Covered area, px²; a line through a text or a marker is as bad as a good part of it covered.
    private func cost(_ candidate: Label, of index: Int, bound: Double) -> Double {
      let box = candidate.box
      var covered = box.width * box.height - box.overlap(canvas)
      for (place, other) in fixed.enumerated() {
        covered += box.overlap(other)
        // A name close to another marker is taken for that one's.
        if place != index { covered += Labels.nearness * box.overlap(other.grown(by: 10)) }
      }
      for other in taken { covered += box.overlap(other) }
      covered += Labels.foreignness * misplaced(index, box)
      for (place, label) in labels.enumerated() {
        guard let label else { continue }
        covered += box.overlap(label.box)
        if label.isFar, Segment(markers[place], label).crosses(box) { covered += Labels.crossing }
      }
      guard candidate.isFar, covered < bound else { return covered }
      let leader = Segment(markers[index], candidate)
      for (place, other) in fixed.enumerated() where place != index && leader.crosses(other) {
        covered += Labels.crossing
      }
      for other in taken where leader.crosses(other) { covered += Labels.crossing }
      for label in labels { if let label, leader.crosses(label.box) { covered += Labels.crossing } }
      return covered
    }
  }

  private static let crossing = 60.0
  private static let nearness = 0.25
  /// Cost of a label on another region than its own, per px².
  private static let foreignness = 0.4
  /// Cost of a line to a label, px² per px.
  private static let farness = 0.6

  /// The line from a marker to its label.
  struct Segment {
    var from: (x: Double, y: Double)
    var to: (x: Double, y: Double)

    init(_ marker: Marker, _ label: Label) {
      from = (marker.x, marker.y)
      to = label.leader(marker)
    }

    var length: Double { ((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y)).squareRoot() }

    /// True if the segment crosses a box (Liang and Barsky 1984, doi:10.1145/357332.357333).
    func crosses(_ box: Box) -> Bool {
      var (enter, leave) = (0.0, 1.0)
      let (dx, dy) = (to.x - from.x, to.y - from.y)
      let sides = [
        (-dx, from.x - box.x), (dx, box.right - from.x), (-dy, from.y - box.y), (dy, box.bottom - from.y),
      ]
      for (slope, distance) in sides {
        if slope == 0 {
          if distance <= 0 { return false }
        } else if slope < 0 {
          enter = max(enter, distance / slope)
        } else {
          leave = min(leave, distance / slope)
        }
      }
      return enter < leave
    }
  }

  private static func candidates(_ marker: Marker, _ size: Double) -> [Label] {
    let width = SVG.width(of: marker.text, size: size)
    let directions: [(Double, Double)] = [
      (1, 0), (-1, 0), (0.7, -0.7), (0.6, 0.8), (-0.6, 0.8), (-0.7, -0.7), (0, -1), (0, 1), (0.92, -0.38), (0.92, 0.38),
      (-0.92, -0.38), (-0.92, 0.38), (0.38, -0.92), (0.38, 0.92), (-0.38, -0.92), (-0.38, 0.92),
    ]
    return [6.0, 16, 30, 48, 70, 96, 130, 170, 220].flatMap { gap in
      directions.map { across, down in
        let reach = marker.radius + gap
        let x = marker.x + across * reach + (across > 0.1 ? 0 : across < -0.1 ? -width : -width / 2)
        let y = marker.y + down * reach - lineHeight / 2 + down * lineHeight / 2
        return Label(
          box: Box(x: x, y: y, width: width, height: lineHeight), isFar: gap > 10, isBefore: across < -0.1)
      }
    }
  }

  /// Heights moved as little as need be so that they are `gap` apart, in their order; where there is no room for all,
  /// evenly spread.
  static func apart(_ heights: [Double], gap: Double, within range: ClosedRange<Double>) -> [Double] {
    guard heights.count > 1 else { return heights }
    let room = range.upperBound - range.lowerBound
    let gap = min(gap, room / Double(heights.count - 1))
    let order = heights.indices.sorted { (heights[$0], $0) < (heights[$1], $1) }
    // Pool adjacent violators: blocks of touching labels stand around the mean of what they would have.
    var blocks: [(sum: Double, count: Int)] = []
    func top(_ block: (sum: Double, count: Int)) -> Double {
      let size = gap * Double(block.count - 1)
      let wanted = block.sum / Double(block.count) - size / 2
      return min(max(wanted, range.lowerBound), max(range.upperBound - size, range.lowerBound))
    }
    for index in order {
      blocks.append((heights[index], 1))
      while blocks.count > 1 {
        let (upper, lower) = (blocks[blocks.count - 2], blocks[blocks.count - 1])
        guard top(upper) + gap * Double(upper.count) > top(lower) + 1e-9 else { break }
        blocks.removeLast(2)
        blocks.append((upper.sum + lower.sum, upper.count + lower.count))
      }
    }
    var result = heights
    var place = 0
    for block in blocks {
      for step in 0..<block.count {
        result[order[place]] = top(block) + gap * Double(step)
        place += 1
      }
    }
    return result
  }
}
