internal import Foundation

/// Colours that a page changes with its theme: a custom property of CSS for each pair of a light and a dark one.
public struct ThemedPalette: Sendable {
  private var pairs: [(light: String, dark: String)] = []
  private var places: [String: Int] = [:]

  public init() {}

  /// `var(--c7)`, or the colour itself where it is the same in both themes.
  public mutating func color(light: String, dark: String) -> String {
    guard light != dark else { return light }
    let key = light + dark
    let place = places[key] ?? pairs.count
    if place == pairs.count {
      places[key] = place
      pairs.append((light, dark))
    }
    return "var(--c\(place))"
  }

  /// Declarations of the properties, in the order in which they were first used.
  public func declarations(_ theme: Theme) -> String {
    pairs.enumerated().map { "--c\($0.offset):\(theme == .dark ? $0.element.dark : $0.element.light)" }
      .joined(separator: ";")
  }

  /// One document of the same figure drawn in both themes: where their colours differ stands a property.
  ///
  /// - Parameter id: put before the document's own ids, so that several may stand on one page.
  /// - Returns: the light one where the two are not the same but for colours.
  public mutating func merged(light: String, dark: String, id: String) -> String {
    let own = { (text: String) in
      // Within texts a quotation mark is escaped.
      [" id=\"", "url(#", "href=\"#"].reduce(text) { $0.replacing($1, with: $1 + id) }
    }
    // Within texts a quotation mark is escaped: this begins a colour and nothing else.
    let mark = "=\"#"
    let parts = [light, dark].map { $0.components(separatedBy: mark) }
    guard parts[0].count == parts[1].count, parts[0].first == parts[1].first else { return own(light) }
    guard zip(parts[0], parts[1]).dropFirst().allSatisfy({ $0.dropFirst(6) == $1.dropFirst(6) }) else {
      return own(light)
    }
    var text = String(parts[0].first ?? "")
    for (a, b) in zip(parts[0], parts[1]).dropFirst() {
      text += "=\"" + color(light: "#" + a.prefix(6), dark: "#" + b.prefix(6)) + a.dropFirst(6)
    }
    return own(text)
  }
}

extension Figure {
  /// A document whose colours are those of the page's theme.
  public func svg(_ palette: inout ThemedPalette, id: String) -> String {
    palette.merged(light: svg(.light), dark: svg(.dark), id: id)
  }
}
