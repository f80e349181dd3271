internal import Foundation

/// A rectangle on the canvas, px.
struct Box: Equatable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }

  func overlaps(_ other: Box) -> Bool {
    x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
  }

  func grown(by margin: Double) -> Box {
    Box(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
  }

  /// Area shared with another box, px².
  func overlap(_ other: Box) -> Double {
    let across = min(x + width, other.x + other.width) - max(x, other.x)
    let down = min(y + height, other.y + other.height) - max(y, other.y)
    return max(0, across) * max(0, down)
  }
}

/// Text and numbers as SVG wants them.
enum SVG {
  /// Two decimals at most, the same on every machine.
  static func number(_ value: Double) -> String {
    let hundredths = Int((min(max(value.isNaN ? 0 : value, -1e9), 1e9) * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let whole = abs(hundredths) / 100
    let rest = abs(hundredths) % 100
    if rest == 0 { return sign + String(whole) }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// Tenths of a pixel: what an eye can tell apart, and half the bytes.
  static func tenths(_ value: Double) -> String {
    let tenths = Int((min(max(value.isNaN ? 0 : value, -1e9), 1e9) * 10).rounded())
    let whole = abs(tenths) / 10
    let rest = abs(tenths) % 10
    return (tenths < 0 ? "-" : "") + String(whole) + (rest == 0 ? "" : ".\(rest)")
  }

  /// Text as text: markup escaped, characters that XML 1.0 (§2.2) forbids or discourages and those that turn the
  /// direction of writing around left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      default: if isWritable(scalar) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  private static func isWritable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0xFDD0...0xFDEF, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: false
    default: scalar.value & 0xFFFE != 0xFFFE
    }
  }

  /// The width of a text in DejaVu Sans, px; what other sans-serif fonts take is less. Characters beyond ASCII are
  /// estimated: no renderer is asked.
  static func width(of text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + share($1) * size }
  }

  private static func share(_ scalar: Unicode.Scalar) -> Double {
    if scalar.value < 127 { return scalar.value < 32 ? 0 : Double(advances[Int(scalar.value) - 32]) / 1000 }
    if "·₂".unicodeScalars.contains(scalar) { return 0.41 }
    if "–—…−±".unicodeScalars.contains(scalar) { return 1 }
    return scalar.value < 0x1100 ? 0.66 : scalar.properties.isEmojiPresentation || scalar.value >= 0x2E80 ? 1.1 : 0.75
  }

  /// Advances of DejaVu Sans from the space to the tilde, thousandths of the size.
  private static let advances: [Int] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
  ]

  /// A text cut to a width, with an ellipsis where it was cut.
  static func fitted(_ text: String, width: Double, size: Double) -> (shown: String, isCut: Bool) {
    // A cut text is not worth walking to its end.
    let head = text.count > 400 ? String(text.prefix(400)) : text
    if head.count == text.count, SVG.width(of: text, size: size) <= width { return (text, false) }
    var shown = ""
    var used = SVG.width(of: "…", size: size)
    for character in head {
      used += SVG.width(of: String(character), size: size)
      if used > width { break }
      shown.append(character)
    }
    while shown.last == " " { shown.removeLast() }
    return (shown + "…", true)
  }
}
