package import Figures
package import Mustache

/// How texts stand in pages: markup escaped scalar by scalar, and characters that no page should have left out.
///
/// swift-mustache's own escaping goes by characters, to which a quotation mark with an accent on it is none.
package struct PageText: MustacheContentType {
  package func escapeText(_ text: String) -> String { PageText.escaped(text) }

  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      default: if isWritable(scalar) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// Neither a control character nor one that turns the direction of writing around.
  package static func isWritable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0xFDD0...0xFDEF, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: false
    default: scalar.value & 0xFFFE != 0xFFFE
    }
  }

  /// A template of the program's own.
  package static func template(_ text: String) -> MustacheTemplate {
    MustacheContentTypes.register(PageText(), named: "PAGE")
    do { return try MustacheTemplate(string: "{{% CONTENT_TYPE:PAGE}}" + text) } catch {
      preconditionFailure("a template that does not parse: \(error)")
    }
  }

  /// Declarations of a theme's colours as properties.
  package static func declarations(_ theme: Theme) -> String {
    [
      ("background", theme.background), ("surface", theme.surface), ("ink", theme.ink), ("muted", theme.muted),
      ("faint", theme.faint), ("grid", theme.grid), ("land", theme.land), ("accent", theme.palette[0]),
    ].map { "--\($0):\($1)" }.joined(separator: ";")
  }

  /// Both themes: the dark one on screens that want it, never on paper.
  package static func colors(_ palette: ThemedPalette) -> String {
    let (light, dark) = (palette.declarations(.light), palette.declarations(.dark))
    return """
      :root{color-scheme:light dark;\(declarations(.light));\(light)}
      @media screen and (prefers-color-scheme:dark){:root{\(declarations(.dark));\(dark)}}
      """
  }
}

/// A text in Markdown: markup escaped, on one line.
package enum MarkdownText {
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "#", "|", "~", "!": result += "\\" + String(scalar)
      // Nobody is called by a name in a result, and nothing is linked.
      case "@": result += "&#64;"
      case "\n", "\t", "\r": result += " "
      default: if PageText.isWritable(scalar) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// A table whose cells are escaped.
  package static func table(_ lines: [[String]], left: Int = 1) -> String {
    guard let heading = lines.first else { return "" }
    let rule = heading.indices.map { $0 < left ? "---" : "--:" }
    return ([heading.map(escaped), rule] + lines.dropFirst().map { $0.map(escaped) })
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  /// A block of code, fenced by more backticks than it holds in a row.
  package static func code(_ text: String, _ language: String = "") -> String {
    let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    let shown = String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { "\n\t".unicodeScalars.contains($0) || PageText.isWritable($0) }))
    return "\(fence)\(language)\n\(shown)\(shown.hasSuffix("\n") ? "" : "\n")\(fence)"
  }
}
