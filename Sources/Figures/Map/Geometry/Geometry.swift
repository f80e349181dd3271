internal import Domain

/// Shapes that share their borders: arcs between the points where shapes meet, and rings made of them.
struct Geometry: Sendable {
  struct Shape: Sendable {
    var name: String
    /// Indices of arcs; `~n` is arc n backwards.
    var rings: [[Int]]
  }

  let arcs: [[Coordinates]]
  let shapes: [Shape]
  /// The points of each shape's rings, and what they lie within.
  private let rings: [[[Coordinates]]]
  private let bounds: [(latitude: ClosedRange<Double>, longitude: ClosedRange<Double>)]

  /// The fourteen regions of Great Britain's distribution networks.
  static let britain = Geometry(
    arcs: BritainGeometry.arcs, shapes: BritainGeometry.shapes, scale: BritainGeometry.scale)
  /// The countries of the world.
  static let world = Geometry(arcs: WorldGeometry.arcs, shapes: WorldGeometry.shapes, scale: WorldGeometry.scale)

  /// - Parameters:
  ///   - arcs: separated by spaces; points as differences in base 64.
  ///   - shapes: one per line, `name|arc,arc;arc`: rings separated by semicolons.
  ///   - scale: units per degree.
  init(arcs: String, shapes: String, scale: Double) {
    let arcs = arcs.utf8.split(separator: UInt8(ascii: " ")).map { Geometry.decoded($0, scale) }
    let shapes = shapes.split(separator: "\n").map { line in
      let parts = line.split(separator: "|", omittingEmptySubsequences: false)
      let rings = parts[1].split(separator: ";").map { $0.split(separator: ",").compactMap { Int($0) } }
      return Shape(name: String(parts[0]), rings: rings)
    }
    (self.arcs, self.shapes) = (arcs, shapes)
    rings = shapes.map { $0.rings.map { Geometry.joined($0, arcs) } }
    bounds = rings.map { rings in
      let (latitudes, longitudes) = (rings.joined().map(\.latitude), rings.joined().map(\.longitude))
      return ((latitudes.min() ?? 0)...(latitudes.max() ?? 0), (longitudes.min() ?? 0)...(longitudes.max() ?? 0))
    }
  }

  private static func decoded(_ text: Substring.UTF8View, _ scale: Double) -> [Coordinates] {
    var points: [Coordinates] = []
    var numbers: [Int] = []
    var (value, shift, x, y) = (0, 0, 0, 0)
    for byte in text {
      let digit = Geometry.digit(byte)
      value |= (digit & 31) << shift
      shift += 5
      guard digit < 32 else { continue }
      numbers.append(value & 1 == 0 ? value / 2 : -(value + 1) / 2)
      (value, shift) = (0, 0)
      guard numbers.count == 2 else { continue }
      (x, y) = (x + numbers[0], y + numbers[1])
      numbers = []
      points.append(Coordinates(latitude: Double(y) / scale, longitude: Double(x) / scale))
    }
    return points
  }

  /// `0`–`9`, `A`–`Z`, `a`–`z`, `-`, `_`.
  private static func digit(_ byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 48
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 65 + 10
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 97 + 36
    default: byte == UInt8(ascii: "-") ? 62 : 63
    }
  }

  /// The points of a ring of arcs, whatever they are, without the first one again at its end.
  static func joined<Point>(_ ring: [Int], _ arcs: [[Point]]) -> [Point] {
    var points: [Point] = []
    for index in ring {
      // The end of an arc is where the next one begins.
      points += index >= 0 ? arcs[index].dropLast() : arcs[~index].reversed().dropLast()
    }
    return points
  }

  /// The points of a grid that lie within a shape, from south-west, row by row.
  ///
  /// - Parameter step: degrees of latitude; of longitude it is 1.7 times as much, about the same length in Britain.
  func grid(within shape: Int, step: Double) -> [Coordinates] {
    let (latitudes, longitudes) = bounds[shape]
    return stride(from: latitudes.lowerBound, through: latitudes.upperBound, by: step).flatMap { latitude in
      stride(from: longitudes.lowerBound, through: longitudes.upperBound, by: 1.7 * step)
        .map { Coordinates(latitude: latitude, longitude: $0) }
        .filter { self.shape(at: $0) == shape }
    }
  }

  /// The shape that a place lies in, by the even-odd rule.
  func shape(at place: Coordinates) -> Int? {
    shapes.indices.first { index in
      let (latitudes, longitudes) = bounds[index]
      guard latitudes.contains(place.latitude), longitudes.contains(place.longitude) else { return false }
      return rings[index].reduce(false) { inside, ring in inside != Geometry.isInside(place, ring) }
    }
  }

  private static func isInside(_ place: Coordinates, _ ring: [Coordinates]) -> Bool {
    guard var last = ring.last else { return false }
    var inside = false
    for point in ring {
      if (point.latitude > place.latitude) != (last.latitude > place.latitude) {
        let share = (place.latitude - point.latitude) / (last.latitude - point.latitude)
        if point.longitude + share * (last.longitude - point.longitude) > place.longitude { inside.toggle() }
      }
      last = point
    }
    return inside
  }

  /// The shape with the vertex that is nearest to a place, if that is no further than some degrees of latitude.
  func nearest(to place: Coordinates, within reach: Double) -> Int? {
    // Degrees of longitude are about half as long as those of latitude at 57° N, where Britain is.
    var best: (shape: Int, distance: Double)?
    for (index, rings) in rings.enumerated() {
      let (latitudes, longitudes) = bounds[index]
      guard place.latitude > latitudes.lowerBound - reach, place.latitude < latitudes.upperBound + reach,
        place.longitude > longitudes.lowerBound - 2 * reach, place.longitude < longitudes.upperBound + 2 * reach
      else { continue }
      for ring in rings {
        for point in ring where abs(point.latitude - place.latitude) <= reach {
          let (dx, dy) = ((point.longitude - place.longitude) * 0.58, point.latitude - place.latitude)
          let distance = (dx * dx + dy * dy).squareRoot()
          if distance <= reach, distance < best?.distance ?? .infinity { best = (index, distance) }
        }
      }
    }
    return best?.shape
  }
}
