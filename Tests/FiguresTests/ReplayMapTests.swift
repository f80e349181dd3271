import Domain
import Foundation
import FoundationXML
import Testing

@testable import Figures

/// The ground of a replay, and colours that follow a page's theme.
@Suite struct ReplayMapTests {
  static let places: [(String, Double, Double)] = [
    ("Inverness", 57.4778, -4.2247), ("Glasgow", 55.8642, -4.2518), ("Manchester", 53.4808, -2.2426),
    ("Newcastle", 54.9783, -1.6178), ("Leeds", 53.8008, -1.5491), ("Wrexham", 53.0415, -2.9936),
    ("Cardiff", 51.4816, -3.1791), ("Birmingham", 52.4862, -1.8904), ("Nottingham", 52.9548, -1.1581),
    ("Cambridge", 52.2053, 0.1218), ("Bristol", 51.4545, -2.5879), ("Southampton", 50.9097, -1.4044),
    ("London", 51.5074, -0.1278), ("Reading", 51.4543, -0.9781),
  ]

  private func zones(_ places: [(String, Double, Double)] = places) -> [Zone] {
    places.enumerated().map { index, place in
      Zone(
        id: index + 1, code: "Z\(index)", name: place.0, region: "R",
        coordinates: Coordinates(latitude: place.1, longitude: place.2), capacity: .zero)
    }
  }

  /// However many jobs there are, no marker with its ring reaches into another or over the edge, and no text into
  /// either.
  @Test(arguments: [false, true], [0, 1, 400])
  func nothingLiesOverAnything(isNarrow: Bool, most: Int) {
    let map = ReplayMap(
      zones: zones(), running: most, highest: 512, isNarrow: isNarrow)
    let reach = map.largest
    let canvas = map.drawn(.light)
    #expect(map.top == 600 && map.hasTexts && canvas.texts.count == 14)
    for (place, own) in map.places.enumerated() {
      #expect(own.x >= reach && own.x <= map.width - reach && own.y >= reach && own.y <= map.height - reach)
      for other in map.places[..<place] {
        let (dx, dy) = (own.x - other.x, own.y - other.y)
        #expect((dx * dx + dy * dy).squareRoot() >= 2 * reach - 0.2)
      }
      let intensity = SVG.width(of: "512 \(map.unit)", size: isNarrow ? 10.5 : 12.5)
      let box = Box(x: own.textX, y: own.textY - 9, width: intensity, height: 9)
      #expect(box.x >= 0 && box.right <= map.width + 1, "\(canvas.texts[place].text)")
      for text in canvas.texts { #expect(text.box.overlap(box) < 1.5, "\(text.text)") }
      for marker in map.places {
        let across = max(box.x - marker.x, marker.x - box.right, 0)
        let down = max(box.y - marker.y, marker.y - box.bottom, 0)
        #expect((across * across + down * down).squareRoot() > reach - 2, "\(canvas.texts[place].text)")
      }
    }
  }

  @Test func manyZonesHaveNoTexts() {
    var spots: [(String, Double, Double)] = []
    for place in 0..<200 { spots.append(("Z\(place)", Double(place % 14) * 5, Double(place / 14) * 7)) }
    let many = zones(spots)
    let map = ReplayMap(zones: many, running: 3, highest: 100, isNarrow: false)
    #expect(!map.hasTexts && map.drawn(.dark).texts.isEmpty && map.places.count == 200 && map.top == 400)
    let one = ReplayMap(zones: zones([("One", 10, 10)]), running: 0, highest: 0, isNarrow: true)
    #expect(one.places[0].x == one.width / 2 && abs(one.places[0].y - one.height / 2) < 1)
  }

  @Test func coloursAreProperties() {
    var palette = ThemedPalette()
    let map = ReplayMap(zones: zones(), running: 9, highest: 300, isNarrow: false)
    let ground = map.ground(&palette, id: "a-")
    #expect(
      ground.contains("id=\"a-clip") && ground.contains("id=\"a-area-13\"")
        && ground.contains("url(#a-clip") && ground.contains("var(--c0)"))
    #expect(XMLParser(data: Data("<svg>\(ground)</svg>".utf8)).parse())
    // With the properties filled in it is what each theme draws.
    for theme in Theme.all {
      var filled = ground.replacing("a-clip", with: "clip").replacing("a-area", with: "area")
      for declaration in palette.declarations(theme).split(separator: ";") {
        let parts = declaration.split(separator: ":")
        filled = filled.replacing("var(\(parts[0]))", with: parts[1])
      }
      #expect(filled == map.drawn(theme).fragment, "\(theme.name)")
    }
    #expect(
      palette.merged(light: "<a fill=\"#111111\"/>", dark: "<b fill=\"#222222\"/>", id: "") == "<a fill=\"#111111\"/>")
    #expect(palette.color(light: "#123456", dark: "#123456") == "#123456")
    let first = palette.color(light: "#000001", dark: "#000002")
    #expect(first == palette.color(light: "#000001", dark: "#000002"))
    #expect(first != palette.color(light: "#000001", dark: "#000003"))
  }
}
