internal import Foundation

/// Moves circles apart that lie over each other, as little as need be.
enum MarkerLayout {
  /// - Parameters:
  ///   - spots: where the circles belong.
  ///   - radii: theirs, a gap between them included.
  ///   - box: what they stay within.
  /// - Returns: where they go, in their order; a circle that touches no other stays where it belongs.
  /// - Complexity: O(n²) a round, at most 400 rounds: for a few hundred circles. Of more, ``kept(_:radii:within:)``.
  static func apart(_ spots: [Spot], radii: [Double], within box: Box) -> [Spot] {
    var places = zip(spots, radii).map { keep($0, $1, box) }
    for _ in 0..<400 {
      var moved = false
      for a in places.indices {
        for b in places.indices where b > a {
          let reach = radii[a] + radii[b]
          var (dx, dy) = (places[b].x - places[a].x, places[b].y - places[a].y)
          guard abs(dx) < reach, abs(dy) < reach else { continue }
          var distance = (dx * dx + dy * dy).squareRoot()
          guard distance < reach - 0.05 else { continue }
          if distance < 1e-6 {
            // Of one place: each pair in a direction of its own, so that a pile opens like a flower.
            let turn = Double((a * 7 + b * 13) % 16) * .pi / 8
            (dx, dy, distance) = (cos(turn), sin(turn), 1)
            places[b] = keep(Spot(x: places[b].x + dx * 0.1, y: places[b].y + dy * 0.1), radii[b], box)
          }
          let push = (reach - min(distance, reach)) / 2 + 0.02
          let (x, y) = (dx / distance * push, dy / distance * push)
          places[a] = keep(Spot(x: places[a].x - x, y: places[a].y - y), radii[a], box)
          places[b] = keep(Spot(x: places[b].x + x, y: places[b].y + y), radii[b], box)
          moved = true
        }
      }
      if !moved { break }
    }
    return places
  }

  /// The circles where they belong, but within the box. O(n).
  static func kept(_ spots: [Spot], radii: [Double], within box: Box) -> [Spot] {
    zip(spots, radii).map { keep($0, $1, box) }
  }

  private static func keep(_ spot: Spot, _ radius: Double, _ box: Box) -> Spot {
    Spot(
      x: min(max(spot.x, box.x + radius), box.right - radius), y: min(max(spot.y, box.y + radius), box.bottom - radius))
  }
}
