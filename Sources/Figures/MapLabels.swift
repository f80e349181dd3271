internal import Foundation

/// Puts a label beside each marker so that nothing lies over anything else.
///
/// Greedy and deterministic, from north to south: of the eight directions, near first, the first free place; a label
/// with no free place takes the least covered one.
struct MapLabels {
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
  }

  static let size = 12.0
  static let lineHeight = 16.0

  /// - Parameter taken: what labels must keep off beside the markers (title, legend).
  /// - Returns: a label a marker, in their order.
  static func place(_ markers: [Marker], taken: [Box]) -> [Label] {
    var labels = [Label?](repeating: nil, count: markers.count)
    let order = markers.indices.sorted { (markers[$0].y, markers[$0].x, $0) < (markers[$1].y, markers[$1].x, $1) }
    for index in order {
      let obstacles = markers.map(\.box) + taken + labels.compactMap { $0?.box }
      var best: (label: Label, covered: Double)?
      for candidate in candidates(markers[index]) where best.map({ $0.covered > 0.01 }) ?? true {
        let covered = obstacles.reduce(outside(candidate.box)) { $0 + candidate.box.overlap($1) }
        if best.map({ covered < $0.covered }) ?? true { best = (candidate, covered) }
      }
      labels[index] = best?.label
    }
    return labels.compactMap { $0 }
  }

  private static func candidates(_ marker: Marker) -> [Label] {
    let width = SVG.width(of: marker.text, size: size)
    let directions: [(Double, Double)] = [
      (1, 0), (-1, 0), (0.7, -0.7), (0.7, 0.7), (-0.7, -0.7), (-0.7, 0.7), (0, -1), (0, 1),
    ]
    return [6.0, 16, 30, 48, 70, 96, 130, 170].flatMap { gap in
      directions.map { across, down in
        let reach = marker.radius + gap
        let x = marker.x + across * reach + (across > 0.1 ? 0 : across < -0.1 ? -width : -width / 2)
        let y = marker.y + down * reach - lineHeight / 2 + down * lineHeight / 2
        return Label(box: Box(x: x, y: y, width: width, height: lineHeight), isFar: gap > 10)
      }
    }
  }

  /// Area off the canvas, px².
  private static func outside(_ box: Box) -> Double {
    let canvas = Box(x: 8, y: 8, width: MapProjection.width - 16, height: MapProjection.height - 16)
    return box.width * box.height - box.overlap(canvas)
  }
}
