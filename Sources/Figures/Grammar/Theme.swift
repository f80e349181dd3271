public import Domain
internal import Foundation

/// The colours of a figure, by what they are for: `#rrggbb`.
public struct Theme: Sendable, Hashable {
  public var name: ThemeName
  public var background: String
  /// Behind legends and panels.
  public var surface: String
  public var ink: String
  public var muted: String
  /// Lines and marks that others stand before.
  public var faint: String
  public var grid: String
  /// Colours of maps.
  public var water: String
  public var land: String
  public var coast: String
  /// For series, told apart by people with any kind of colour vision.
  public var palette: [String]

  /// Series are Okabe and Ito's colours (2008, *Color Universal Design*), their yellow left out: it is lost on white.
  public static let light = Theme(
    name: .light, background: "#ffffff", surface: "#f8fafc", ink: "#0f172a", muted: "#475569", faint: "#b6c2d1",
    grid: "#e2e8f0", water: "#eef3f8", land: "#dde2e8", coast: "#7c8796",
    palette: ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#444444"])

  /// Okabe and Ito's colours again, light ones first; their black is white here.
  public static let dark = Theme(
    name: .dark, background: "#0f172a", surface: "#111c33", ink: "#f1f5f9", muted: "#a3b1c6", faint: "#475569",
    grid: "#22304a", water: "#0b1322", land: "#334155", coast: "#0b1322",
    palette: ["#56b4e9", "#e69f00", "#009e73", "#f0e442", "#d55e00", "#cc79a7", "#e5e7eb"])

  public static let all = ThemeName.allCases.map { named($0) }

  /// The theme of a name.
  public static func named(_ name: ThemeName) -> Theme { name == .light ? light : dark }

  /// The stops of cividis, which looks the same to most kinds of colour vision (Nuñez, Anderton and Renslow 2018,
  /// doi:10.1371/journal.pone.0199239), from low to high.
  static let ramp = [
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
  ]

  /// The stops of carbon intensity, from low to high: ColorBrewer's YlOrBr without its palest (Harrower and Brewer 2003,
  /// doi:10.1179/000870403235002042), lighter for less, in print and for every kind of colour vision. Nothing else has
  /// these colours.
  static let intensity = [
    "#fff7bc", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#993404", "#662506",
  ]

  /// The colour of an ink in this theme.
  func color(_ ink: Ink) -> String {
    switch ink {
    case .ink: return self.ink
    case .muted: return muted
    case .faint: return faint
    case .custom(let color): return color
    case .series(let index):
      let base = palette[index % palette.count]
      let round = index / palette.count
      return round == 0 ? base : Theme.mixed(base, background, share: min(0.45, 0.25 + 0.2 * Double(round)))
    case .ramp(let value): return Theme.color(value, Theme.ramp)
    case .intensity(let value): return Theme.color(value, Theme.intensity)
    }
  }

  private static func color(_ value: Double, _ stops: [String]) -> String {
    // In steps that an eye can hardly tell, so that equal cells can be drawn as one.
    let place = (min(max(value.isNaN ? 0 : value, 0), 1) * 31).rounded() / 31 * Double(stops.count - 1)
    let low = min(Int(place), stops.count - 2)
    return mixed(stops[low], stops[low + 1], share: place - Double(low))
  }

  /// Between two colours: 0 is the first, 1 the second.
  static func mixed(_ a: String, _ b: String, share: Double) -> String {
    let parts = zip(channels(a), channels(b)).map { low, high in
      let value = Int((Double(low) + (Double(high) - Double(low)) * share).rounded())
      return (value < 16 ? "0" : "") + String(value, radix: 16)
    }
    return "#" + parts.joined()
  }

  /// Red, green, blue in 0...255.
  static func channels(_ color: String) -> [Int] {
    let value = Int(color.dropFirst(), radix: 16) ?? 0
    return [value >> 16 & 255, value >> 8 & 255, value & 255]
  }
}

/// A colour by its role; the theme says which it is.
public enum Ink: Sendable, Hashable {
  /// Text and what matters most.
  case ink
  case muted
  /// Drawn for comparison, behind the rest.
  case faint
  /// The n-th of a set of things: from the palette, and from its lighter shades where that is used up.
  case series(Int)
  /// From low (0) to high (1).
  case ramp(Double)
  /// A carbon intensity on a map, from 0 to the top of its scale (1).
  case intensity(Double)
  /// `#rrggbb`, in every theme.
  case custom(String)

  var isRamp: Bool { if case .ramp = self { true } else { false } }
}
