/// The regions of a map as cells of a few pixels: how much of a label would lie on a region that is not its own.
struct RegionRaster {
  private let box: Box
  private let columns: Int
  private let rows: Int
  /// Index of a cell's region, row by row; −1 for none.
  private var regions: [Int16]

  private static let cell = 4.0

  /// - Parameter rings: of each region, px.
  /// - Complexity: O(points + cells).
  init(_ rings: [[[Spot]]], within box: Box) {
    self.box = box
    columns = max(1, Int((box.width / RegionRaster.cell).rounded(.up)))
    rows = max(1, Int((box.height / RegionRaster.cell).rounded(.up)))
    regions = Array(repeating: -1, count: columns * rows)
    for (region, rings) in rings.enumerated() { fill(Int16(region), rings) }
  }

  /// Even-odd filling by scan lines through the cells' middles.
  private mutating func fill(_ region: Int16, _ rings: [[Spot]]) {
    var crossings = Array(repeating: [Double](), count: rows)
    for ring in rings {
      guard var last = ring.last else { continue }
      for spot in ring {
        let (low, high) = last.y < spot.y ? (last, spot) : (spot, last)
        last = spot
        guard high.y > low.y else { continue }
        let first = max(0, Int(((low.y - box.y) / RegionRaster.cell - 0.5).rounded(.up)))
        var row = first
        while row < rows {
          let y = box.y + (Double(row) + 0.5) * RegionRaster.cell
          guard y < high.y else { break }
          if y >= low.y { crossings[row].append(low.x + (high.x - low.x) * (y - low.y) / (high.y - low.y)) }
          row += 1
        }
      }
    }
    for (row, xs) in crossings.enumerated() {
      let sorted = xs.sorted()
      for place in stride(from: 0, to: sorted.count - 1, by: 2) {
        let from = max(0, Int(((sorted[place] - box.x) / RegionRaster.cell - 0.5).rounded(.up)))
        let until = min(columns, Int(((sorted[place + 1] - box.x) / RegionRaster.cell - 0.5).rounded(.up)))
        for column in from..<max(from, until) { regions[row * columns + column] = region }
      }
    }
  }

  /// The area of a box that lies on regions other than one, px².
  func foreignArea(_ label: Box, own: Int) -> Double {
    let first = cell(label.x, label.y)
    let last = cell(label.right, label.bottom)
    var count = 0
    for row in max(0, first.row)..<max(0, first.row, min(rows, last.row + 1)) {
      for column in max(0, first.column)..<max(0, first.column, min(columns, last.column + 1)) {
        let region = Int(regions[row * columns + column])
        if region >= 0, region != own { count += 1 }
      }
    }
    return Double(count) * RegionRaster.cell * RegionRaster.cell
  }

  private func cell(_ x: Double, _ y: Double) -> (column: Int, row: Int) {
    func index(_ distance: Double) -> Int { Int((min(max(distance, -1e6), 1e6) / RegionRaster.cell).rounded(.down)) }
    return (index(x - box.x), index(y - box.y))
  }
}
