internal import Domain

/// Draws shapes within a map's box: what lies outside is cut, what is finer than a pixel is left out.
struct LandDrawing {
  let projection: MapProjection
  private var window: Box {
    let box = projection.box
    return Box(x: box.x - 6, y: box.y - 6, width: box.width + 12, height: box.height + 12)
  }

  /// Points that are nearer to each other than this are one, px.
  private let least: Double

  init(projection: MapProjection, least: Double = 0.9) {
    self.projection = projection
    self.least = least
  }

  /// The data of one path for all areas and of one for all lines; empty where there is nothing to see.
  func paths(_ outline: Outline) -> (areas: String, lines: String) {
    var (areas, lines) = ("", "")
    for shape in outline.shapes {
      let spots = thinned(shape.points.map(projection.point))
      if shape.isArea {
        areas += area(spots)
      } else {
        for run in visible(spots) { lines += LandDrawing.path(run) }
      }
    }
    return (areas, lines)
  }

  /// The data of a path for each shape, neighbours meeting to the digit; empty for one that lies outside.
  func paths(_ geometry: Geometry) -> [String] {
    let arcs = geometry.arcs.map { thinned($0.map(projection.point)) }
    return geometry.shapes.map { shape in
      shape.rings.map { area(Geometry.joined($0, arcs)) }.joined()
    }
  }

  /// The countries around Great Britain, coarse, without the island itself.
  func neighbours() -> String {
    let world = Geometry.world
    let arcs = world.arcs.map { thinned($0.map(projection.point)) }
    let middle = Coordinates(latitude: 52.5, longitude: -1.5)
    let own = world.shape(at: middle)
    return world.shapes.enumerated().map { index, shape in
      // Of the country's rings the largest is the island.
      let rings = index == own ? shape.rings.filter { $0.count > 1 } : shape.rings
      return rings.map { area(Geometry.joined($0, arcs)) }.joined()
    }.joined()
  }

  private func area(_ spots: [Spot]) -> String {
    let cut = clipped(spots)
    return cut.count > 2 ? LandDrawing.path(cut) + "z" : ""
  }

  private static func path(_ spots: [Spot]) -> String {
    var path = PathText()
    for spot in spots { path.go(spot.x, spot.y) }
    return path.text
  }

  /// Without points that are next to the last one that stays; both ends stay.
  private func thinned(_ spots: [Spot]) -> [Spot] {
    guard var last = spots.first, let end = spots.last else { return [] }
    var kept = [last]
    for spot in spots.dropFirst().dropLast() where abs(spot.x - last.x) + abs(spot.y - last.y) >= least {
      kept.append(spot)
      last = spot
    }
    if spots.count > 1 { kept.append(end) }
    return kept
  }

  /// Sutherland and Hodgman's clipping (1974, doi:10.1145/360767.360802) of a ring to the window.
  private func clipped(_ ring: [Spot]) -> [Spot] {
    let box = window
    let sides: [(inside: (Spot) -> Bool, cut: (Spot, Spot) -> Spot)] = [
      ({ $0.x >= box.x }, { LandDrawing.atX(box.x, $0, $1) }),
      ({ $0.x <= box.right }, { LandDrawing.atX(box.right, $0, $1) }),
      ({ $0.y >= box.y }, { LandDrawing.atY(box.y, $0, $1) }),
      ({ $0.y <= box.bottom }, { LandDrawing.atY(box.bottom, $0, $1) }),
    ]
    var ring = ring
    for side in sides {
      guard var last = ring.last else { return [] }
      var next: [Spot] = []
      for spot in ring {
        if side.inside(spot) {
          if !side.inside(last) { next.append(side.cut(last, spot)) }
          next.append(spot)
        } else if side.inside(last) {
          next.append(side.cut(last, spot))
        }
        last = spot
      }
      ring = next
    }
    return ring
  }

  private static func atX(_ x: Double, _ a: Spot, _ b: Spot) -> Spot {
    Spot(x: x, y: a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x))
  }

  private static func atY(_ y: Double, _ a: Spot, _ b: Spot) -> Spot {
    Spot(x: a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y), y: y)
  }

  /// The stretches of a line that have a point in the window, with the points next to them: what is beyond the map's
  /// edge is hidden by the clip path.
  private func visible(_ line: [Spot]) -> [[Spot]] {
    let box = window
    let inside = line.map { $0.x >= box.x && $0.x <= box.right && $0.y >= box.y && $0.y <= box.bottom }
    var runs: [[Spot]] = []
    var run: [Spot] = []
    for (place, spot) in line.enumerated() {
      let isNear = inside[place] || (place > 0 && inside[place - 1]) || (place + 1 < line.count && inside[place + 1])
      if isNear {
        run.append(spot)
      } else if !run.isEmpty {
        runs.append(run)
        run = []
      }
    }
    if run.count > 1 { runs.append(run) }
    return runs.filter { $0.count > 1 }
  }
}
