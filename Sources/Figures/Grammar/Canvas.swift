/// An SVG document that grows, and where its texts and plots lie: tests look at these.
struct Canvas {
  struct Written: Equatable {
    var box: Box
    var text: String
  }

  let theme: Theme
  let title: String
  let width: Double
  var height = 0.0
  /// Pixels of the document per px here.
  var zoom = 1.0
  private var lines: [String] = []
  private(set) var texts: [Written] = []
  /// The area between the axes of each panel.
  var plots: [Box] = []
  var legends: [Box] = []

  static let font = "DejaVu Sans, Helvetica, Arial, sans-serif"

  init(theme: Theme, title: String, width: Double) {
    self.theme = theme
    self.title = title
    self.width = width
  }

  var document: String {
    let (across, down) = (SVG.number(width), SVG.number(height))
    let (wide, high) = (SVG.number(width * zoom), SVG.number(height * zoom))
    let head = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(wide)\" height=\"\(high)\" viewBox=\"0 0 \(across) "
        + "\(down)\" font-family=\"\(Canvas.font)\" role=\"img\" aria-label=\"\(SVG.escaped(title))\">",
      "<rect width=\"\(across)\" height=\"\(down)\" fill=\"\(theme.background)\"/>",
    ]
    return (head + lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// Contents of the document, without its background.
  var fragment: String { lines.joined(separator: "\n") }

  mutating func add(_ line: String) { lines.append(line) }

  /// Writes a text with its base line at y.
  ///
  /// - Parameters:
  ///   - alignment: what of the text is at x: 0 its start, ½ its middle, 1 its end.
  ///   - room: it is cut to this width, px.
  ///   - halo: whether it keeps lines that run behind it off.
  mutating func text(
    _ text: String, x: Double, y: Double, size: Double, _ ink: Ink, alignment: Double = 0, room: Double = .infinity,
    isBold: Bool = false, halo: Bool = false
  ) {
    guard !text.isEmpty else { return }
    // Bold letters are wider by about a tenth.
    let (shown, isCut) = SVG.fitted(text, width: isBold ? room / 1.1 : room, size: size)
    let width = SVG.width(of: shown, size: size) * (isBold ? 1.1 : 1)
    texts.append(
      Written(box: Box(x: x - alignment * width, y: y - size * 0.8, width: width, height: size), text: shown))
    let anchor = alignment == 0 ? "" : " text-anchor=\"\(alignment == 1 ? "end" : "middle")\""
    let form = anchor + (isBold ? " font-weight=\"bold\"" : "")
    let place = "<text x=\"\(SVG.tenths(x))\" y=\"\(SVG.tenths(y))\" font-size=\"\(SVG.number(size))\" "
    if halo {
      // An element of its own: not every renderer knows `paint-order`, and without it the halo covers the letters.
      let ground = theme.background
      lines.append(
        place + "fill=\"\(ground)\"\(form) stroke=\"\(ground)\" stroke-width=\"3\" stroke-linejoin=\"round\" "
          + "aria-hidden=\"true\">\(SVG.escaped(shown))</text>")
    }
    let full = isCut ? "<title>\(SVG.escaped(text))</title>" : ""
    lines.append(place + "fill=\"\(theme.color(ink))\"\(form)>\(full)\(SVG.escaped(shown))</text>")
  }

  mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, _ ink: String, width: Double = 1) {
    lines.append(
      "<path d=\"M\(SVG.tenths(x1)) \(SVG.tenths(y1))L\(SVG.tenths(x2)) \(SVG.tenths(y2))\" stroke=\"\(ink)\" "
        + "stroke-width=\"\(SVG.number(width))\" fill=\"none\"/>")
  }

  mutating func rect(_ box: Box, fill: String, stroke: String? = nil, corner: Double = 0, title: String? = nil) {
    let edge = stroke.map { " stroke=\"\($0)\"" } ?? ""
    let round = corner > 0 ? " rx=\"\(SVG.number(corner))\"" : ""
    let shape =
      "<rect x=\"\(SVG.tenths(box.x))\" y=\"\(SVG.tenths(box.y))\" width=\"\(SVG.tenths(box.width))\" "
      + "height=\"\(SVG.tenths(box.height))\" fill=\"\(fill)\"\(edge)\(round)"
    lines.append(title.map { "\(shape)><title>\(SVG.escaped($0))</title></rect>" } ?? shape + "/>")
  }

  /// Texts broken at spaces into lines no wider than some px; a longer word is cut when it is drawn.
  static func wrapped(_ text: String, width: Double, size: Double, most: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if line.isEmpty || SVG.width(of: longer, size: size) <= width || lines.count == most - 1 {
        line = longer
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
