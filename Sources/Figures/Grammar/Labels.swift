internal import Foundation

/// Puts a label beside each marker so that nothing lies over anything else.
///
/// Greedy and deterministic, from north to south: of sixteen directions, near first, the first free place; a label
/// with no free place takes the least covered one.
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
    /// Whether the text ends beside the marker rather than begins there.
    var isBefore: Bool

    /// Where the line from a marker ends.
    func leader(_ marker: Marker) -> (x: Double, y: Double) {
      (min(max(marker.x, box.x), box.right), box.y + box.height / 2)
    }
  }

  static let size = 12.0
  static let lineHeight = 16.0

  /// - Parameters:
  ///   - taken: what labels must keep off beside the markers (title, legend).
  ///   - canvas: what they stay within, where they can.
  /// - Returns: a label a marker, in their order.
  /// - Complexity: O(n²).
  static func place(_ markers: [Marker], taken: [Box], size: Double = size, canvas: Box) -> [Label] {
    var labels = [Label?](repeating: nil, count: markers.count)
    var obstacles = markers.map(\.box) + taken
    var leaders: [Segment] = []
    let order = markers.indices.sorted { (markers[$0].y, markers[$0].x, $0) < (markers[$1].y, markers[$1].x, $1) }
    for index in order {
      let marker = markers[index]
      var best: (label: Label, covered: Double)?
      for candidate in candidates(marker, size) where best.map({ $0.covered > 0.01 }) ?? true {
        let area = candidate.box.width * candidate.box.height
        var covered = obstacles.reduce(area - candidate.box.overlap(canvas)) { $0 + candidate.box.overlap($1) }
        // A line through a text is as bad as a good part of it covered.
        covered += leaders.reduce(0) { $0 + ($1.crosses(candidate.box) ? crossing : 0) }
        if candidate.isFar, covered < best?.covered ?? .infinity {
          let leader = Segment(marker, candidate)
          for (place, obstacle) in obstacles.enumerated() where place != index && leader.crosses(obstacle) {
            covered += crossing
          }
        }
        if best.map({ covered < $0.covered }) ?? true { best = (candidate, covered) }
      }
      labels[index] = best?.label
      guard let label = best?.label else { continue }
      obstacles.append(label.box)
      if label.isFar { leaders.append(Segment(marker, label)) }
    }
    return labels.compactMap { $0 }
  }

  private static let crossing = 60.0

  /// The line from a marker to its label.
  struct Segment {
    var from: (x: Double, y: Double)
    var to: (x: Double, y: Double)

    init(_ marker: Marker, _ label: Label) {
      from = (marker.x, marker.y)
      to = label.leader(marker)
    }

    /// Whether it goes through a box (Liang and Barsky 1984, doi:10.1145/357332.357333).
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
      (1, 0), (-1, 0), (0.7, -0.7), (0.7, 0.7), (-0.7, -0.7), (-0.7, 0.7), (0, -1), (0, 1), (0.92, -0.38), (0.92, 0.38),
      (-0.92, -0.38), (-0.92, 0.38), (0.38, -0.92), (0.38, 0.92), (-0.38, -0.92), (-0.38, 0.92),
    ]
    return [6.0, 16, 30, 48, 70, 96, 130, 170].flatMap { gap in
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
