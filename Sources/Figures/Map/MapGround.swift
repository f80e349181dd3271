internal import Domain

/// The ground of a map: water, land, and Great Britain's regions as areas.
struct MapGround {
  private let projection: MapProjection
  /// `nil` of a map of other places, or on an outline of one's own.
  let areas: MapAreas?
  /// The data of paths: land, lines, and regions.
  private let land: String
  private let lines: String
  private let regions: [String]

  /// - Complexity: O(points of the outline + zones).
  init(_ zones: [Zone], _ outline: Outline, _ projection: MapProjection) {
    self.projection = projection
    let drawing = LandDrawing(projection: projection)
    guard outline.isBuiltIn else {
      (land, lines) = drawing.paths(outline)
      (areas, regions) = (nil, [])
      return
    }
    lines = ""
    guard projection.isBritain else {
      land = LandDrawing(projection: projection, least: 1.6).paths(Geometry.world).joined()
      (areas, regions) = (nil, [])
      return
    }
    land = drawing.neighbours()
    areas = MapAreas(zones)
    regions = drawing.paths(Geometry.britain)
  }

  /// Positions of the zones' markers, px: see ``MapAreas/spots(_:_:clearance:separation:)``.
  ///
  /// - Parameter largest: the radius of the largest marker, px.
  func spots(_ zones: [Zone], largest: Double) -> [Spot] {
    areas?.spots(zones, projection, clearance: largest / 2, separation: 1.3 * largest)
      ?? zones.map { projection.point($0.coordinates) }
  }

  /// The area of a zone's label at a box that lies on other regions than the zone's own, px²; `nil` without regions.
  func foreignArea(_ zones: [Zone]) -> ((_ zone: Int, _ label: Box) -> Double)? {
    guard let areas else { return nil }
    let own = areas.regions(zones.count)
    let raster = MapAreas.raster(projection)
    return { zone, label in own[zone].map { raster.foreignArea(label, own: $0) } ?? 0 }
  }

  /// True if some region has no zone.
  var hasEmptyAreas: Bool { areas?.zones.contains(where: \.isEmpty) ?? false }

  /// Draws everything, the areas in the colours of their zones' intensities.
  func draw(_ standings: [ZoneStanding], _ scale: MapScale, on canvas: inout Canvas) {
    begin(on: &canvas)
    if let areas {
      let intensities = areas.intensities(standings)
      let theme = canvas.theme
      canvas.add(group(theme))
      for (region, path) in regions.enumerated() {
        let fill = intensities[region].map { theme.color(scale.ink($0)) } ?? theme.land
        canvas.add(
          "<path fill=\"\(fill)\" d=\"\(path)\"><title>\(SVG.escaped(MapAreas.popup(region, intensities[region])))"
            + "</title></path>")
      }
      canvas.add("</g>")
    }
    canvas.add("</g>")
  }

  /// Draws everything, each area as `<path class="area" id="area-N"/>` for a script to colour.
  func drawForScript(on canvas: inout Canvas) {
    begin(on: &canvas)
    if areas != nil {
      canvas.add(group(canvas.theme))
      for (region, path) in regions.enumerated() {
        canvas.add("<path id=\"area-\(region)\" fill=\"\(canvas.theme.land)\" d=\"\(path)\"/>")
      }
      canvas.add("</g>")
    }
    canvas.add("</g>")
  }

  /// The ground and the regions as shapes of a document that draws them several times, with the areas in the colours of
  /// some zones; ``use(_:isSame:_:at:on:)`` draws them.
  func define(_ standings: [ZoneStanding], _ scale: MapScale, on canvas: inout Canvas) {
    canvas.add("<defs><g id=\"ground\">")
    begin(on: &canvas)
    canvas.add("</g></g>")
    if let areas {
      for (region, path) in regions.enumerated() {
        canvas.add("<path id=\"area\(region)\" d=\"\(path)\"/>")
      }
      canvas.add("<g id=\"areas\">")
      add(areas.intensities(standings), scale, on: &canvas)
      canvas.add("</g>")
    }
    canvas.add("</defs>")
  }

  /// Draws the shapes that were defined, moved to a box.
  ///
  /// - Parameter isSame: whether the areas have the colours that they were defined with.
  func use(_ standings: [ZoneStanding], isSame: Bool, _ scale: MapScale, at box: Box, on canvas: inout Canvas) {
    let (dx, dy) = (box.x - projection.box.x, box.y - projection.box.y)
    canvas.add("<g transform=\"translate(\(SVG.tenths(dx)) \(SVG.tenths(dy)))\"><use href=\"#ground\"/>")
    if let areas {
      if isSame {
        canvas.add("<use href=\"#areas\"/>")
      } else {
        add(areas.intensities(standings), scale, on: &canvas)
      }
    }
    canvas.add("</g>")
  }

  private func add(_ intensities: [CarbonIntensity?], _ scale: MapScale, on canvas: inout Canvas) {
    let theme = canvas.theme
    canvas.add(group(theme))
    for (region, intensity) in intensities.enumerated() {
      let fill = intensity.map { theme.color(scale.ink($0)) } ?? theme.land
      canvas.add("<use href=\"#area\(region)\" fill=\"\(fill)\"/>")
    }
    canvas.add("</g>")
  }

  private func group(_ theme: Theme) -> String {
    "<g stroke=\"\(theme.coast)\" stroke-width=\"0.6\" stroke-linejoin=\"round\" fill-rule=\"evenodd\">"
  }

  /// Water and land; the group that it opens is cut to the map's box.
  private func begin(on canvas: inout Canvas) {
    let box = projection.box
    let theme = canvas.theme
    let id = "clip\(SVG.tenths(box.x))-\(SVG.tenths(box.y))"
    canvas.add(
      "<clipPath id=\"\(id)\"><rect x=\"\(SVG.tenths(box.x))\" y=\"\(SVG.tenths(box.y))\" "
        + "width=\"\(SVG.tenths(box.width))\" height=\"\(SVG.tenths(box.height))\"/></clipPath>")
    canvas.add("<g clip-path=\"url(#\(id))\">")
    canvas.rect(box, fill: theme.water)
    func add(_ path: String, fill: String) {
      guard !path.isEmpty else { return }
      // Britain's neighbours are coarse beside its coast: without lines.
      let edge = areas == nil ? " stroke=\"\(theme.coast)\" stroke-width=\"0.6\" stroke-linejoin=\"round\"" : ""
      canvas.add("<path d=\"\(path)\" fill=\"\(fill)\" fill-rule=\"evenodd\"\(edge)/>")
    }
    add(land, fill: theme.land)
    add(lines, fill: "none")
  }
}
