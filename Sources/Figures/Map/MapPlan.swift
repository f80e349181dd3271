public import Domain

/// Everything that maps of the same zones have in common, worked out once: ground, positions, scales.
public struct MapPlan: Sendable {
  let box: Box
  let ground: MapGround
  let layout: MapLayout
  let scale: MapScale

  public init(zones: [Zone], scale: MapScale, outline: Outline = .builtIn) {
    let places = zones.map(\.coordinates)
    box = MapFigure.box(places, outline)
    let projection = MapProjection(places, box: box, hasOutline: !outline.isBuiltIn)
    ground = MapGround(zones, outline, projection)
    layout = MapLayout(zones, ground, projection, scale)
    self.scale = scale
  }

  /// A standalone SVG document, the same bytes for the same snapshot.
  ///
  /// - Complexity: O(zones), and the bytes of the ground.
  public func svg(_ snapshot: MapSnapshot, theme: Theme = .light) -> String { drawn(snapshot, theme).document }

  func drawn(_ snapshot: MapSnapshot, _ theme: Theme) -> Canvas { MapFigure.drawn(snapshot, self, theme) }
}
