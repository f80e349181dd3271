import Domain
import Foundation
import FoundationXML
import Testing

@testable import Figures

/// What is true of every drawn figure.
func checkSound(_ figure: Figure, _ theme: Theme = .light, _ place: Comment? = nil) {
  let canvas = figure.drawn(theme)
  let parser = XMLParser(data: Data(canvas.document.utf8))
  #expect(parser.parse() && parser.parserError == nil, "\(figure.title): \(String(describing: parser.parserError))")
  #expect(figure.svg(theme) == canvas.document)
  #expect(!canvas.document.contains("nan") && !canvas.document.contains("inf"), "\(figure.title)")
  for (index, written) in canvas.texts.enumerated() {
    let box = written.box
    #expect(
      box.x >= 0 && box.right <= canvas.width + 0.5 && box.y >= 0 && box.bottom <= canvas.height,
      "\(figure.title): \"\(written.text)\" leaves the canvas: \(box)")
    for other in canvas.texts[..<index] where box.overlap(other.box) > 1 {
      Issue.record("\(figure.title): \"\(written.text)\" lies over \"\(other.text)\"")
    }
  }
  for legend in canvas.legends {
    #expect(canvas.plots.allSatisfy { !$0.overlaps(legend) }, "\(figure.title): a legend covers data")
    #expect(legend.right <= canvas.width)
  }
  for (index, plot) in canvas.plots.enumerated() {
    #expect(plot.width > 20 && plot.height > 20 && plot.right <= canvas.width)
    #expect(canvas.plots[..<index].allSatisfy { !$0.overlaps(plot) })
  }
}

/// Steele, Lea and Flood's SplitMix64 (doi:10.1145/2714064.2660195): the same numbers from the same seed.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct GrammarTests {
  private func ticks(_ scale: Scale, _ length: Double, horizontal: Bool = true) -> PlacedScale {
    PlacedScale(scale, from: 0, to: length, isHorizontal: horizontal)
  }

  /// Ticks cover the range, are round, ascend, and their labels keep apart: 3,000 random ranges and lengths.
  @Test func linearTicksCoverTheRangeAndKeepApart() {
    var generator = Dice(seed: 20_261_124)
    for _ in 0..<3000 {
      let size = pow(10, Double.random(in: -5...9, using: &generator))
      let low = Double.random(in: -1...1, using: &generator) * size
      let high = low + Double.random(in: 1e-3...1, using: &generator) * size
      let length = Double.random(in: 60...900, using: &generator)
      let scale = ticks(.linear(low...high), length)
      let where_ = "\(low)...\(high) on \(length) px"
      guard let first = scale.ticks.first, let last = scale.ticks.last else {
        Issue.record("no ticks: \(where_)")
        continue
      }
      let slack = (high - low) * 1e-6
      #expect(first.value <= low + slack && last.value >= high - slack, "\(where_)")
      #expect(abs(scale.place(first.value)) < 1e-6 && abs(scale.place(last.value) - length) < 1e-6, "\(where_)")
      let step = scale.ticks[1].value - first.value
      let digit = step / pow(10, (log10(step) + 1e-9).rounded(.down))
      // Where the middle one of three had no room, twice a step.
      #expect([1, 2, 5, 4].contains { abs(digit - $0) < 1e-5 }, "\(where_): steps of \(step)")
      #expect(Set(scale.ticks.map(\.label)).count == scale.ticks.count, "\(where_): \(scale.ticks.map(\.label))")
      if scale.ticks.count > 2 { expectApart(scale, where_) }
    }
  }

  private func expectApart(_ scale: PlacedScale, _ place: String) {
    for (a, b) in zip(scale.ticks, scale.ticks.dropFirst()) {
      let (x, y) = (scale.place(a.value), scale.place(b.value))
      let half = (SVG.width(of: a.label, size: 11) + SVG.width(of: b.label, size: 11)) / 2
      #expect(y - x > half, "\(place): \(a.label) and \(b.label) touch")
    }
  }

  @Test(arguments: [
    ("2020-01-06T00:00:00Z", 3600), ("2020-01-06T00:00:00Z", 86_400), ("2025-01-06T00:00:00Z", 604_800),
    ("2020-01-06T00:00:00Z", 30 * 86_400), ("2019-01-01T00:00:00Z", 366 * 86_400), ("1999-12-31T23:59:59Z", 1),
    ("2001-02-03T04:05:06Z", 7_000_000_000 / 20),
  ])
  func timeTicksAreRoundAndKeepApart(start: String, seconds: Int) throws {
    let low = Double(try #require(Instant(text: start)).milliseconds)
    for length in [120.0, 200, 500, 900] {
      let scale = ticks(.time(low...low + Double(seconds) * 1000), length)
      #expect(scale.ticks.count <= 40)
      if seconds >= 86_400, length >= 200 { #expect(scale.ticks.count >= 2, "\(start) + \(seconds) on \(length) px") }
      expectApart(scale, "\(start) + \(seconds) s on \(length) px")
      for tick in scale.ticks where tick.label.contains(":") {
        #expect(Instant(milliseconds: Int64(tick.value)).iso8601.contains("T" + tick.label))
      }
    }
  }

  @Test func timeTicksOfAWeekAreItsMidnights() throws {
    let low = Double(try #require(Instant(text: "2025-01-30")).milliseconds)
    let scale = ticks(.time(low...low + 7 * 86_400_000), 900)
    #expect(
      scale.ticks.map(\.label).filter { !$0.contains(":") }
        == ["30 Jan", "31 Jan", "1 Feb", "2 Feb", "3 Feb", "4 Feb", "5 Feb", "6 Feb"])
    let year = ticks(.time(low...low + 700 * 86_400_000), 300)
    #expect(year.ticks.contains { $0.label == "2026" })
  }

  @Test func numbersAsPeopleWriteThem() {
    #expect(TickMaker.label(1500, step: 500) == "1,500")
    #expect(TickMaker.label(-0.25, step: 0.05) == "−0.25")
    #expect(TickMaker.label(2_500_000, step: 500_000) == "2.5M")
    #expect(TickMaker.label(0, step: 0.1) == "0")
    #expect(TickMaker.label(3, step: 1) == "3")
    #expect(TickMaker.label(0.000_123_456, step: 1e-9) == "0.000123456")
  }

  @Test func marksAreWhereTheNumbersSay() {
    let panel = Panel(
      x: Axis("x", .linear(0...10)), y: Axis("y", .linear(0...100)),
      marks: [
        .line([Point(0, 0), Point(10, 100)], .ink), .dots([Mark.Dot(Point(5, 25), .ink, radius: 3)]),
        .bars([Mark.Tile(x: 2...4, y: 0...50, .series(0))]),
      ])
    let canvas = Figure(title: "t", panels: [panel]).drawn(.light)
    let plot = canvas.plots[0]
    let svg = canvas.document
    let (left, top) = (plot.x, plot.y)
    #expect(
      svg.contains(
        "d=\"M\(SVG.tenths(left)) \(SVG.tenths(plot.bottom))l\(SVG.tenths(plot.width))-\(SVG.tenths(plot.height))\""))
    #expect(
      svg.contains(
        "cx=\"\(SVG.tenths(left + plot.width / 2))\" cy=\"\(SVG.tenths(top + plot.height * 0.75))\" r=\"3\""))
    #expect(
      svg.contains(
        "<rect x=\"\(SVG.tenths(left + plot.width * 0.2))\" y=\"\(SVG.tenths(top + plot.height / 2))\" "
          + "width=\"\(SVG.tenths(plot.width * 0.2))\" height=\"\(SVG.tenths(plot.height / 2))\""))
  }

  @Test func spansAndLogarithmsKeepDecadesEqual() {
    let scale = ticks(.spans(0...86_400 * 10), 500)
    #expect(scale.place(0) == 0 && scale.place(0.3) == 0)
    #expect(abs((scale.place(1000) - scale.place(100)) - (scale.place(100) - scale.place(10))) < 1e-9)
    #expect(scale.ticks.contains(Tick(value: 86_400, label: "1 d")))
    let wide = ticks(.logarithmic(1e-3...1e6), 400)
    #expect(wide.ticks.count >= 3)
    expectApart(wide, "nine decades")
  }

  /// Labels at the ends of lines are apart by the gap, in their order, and moved no more than need be.
  @Test func heightsAreKeptApart() {
    #expect(Labels.apart([10, 50, 90], gap: 14, within: 0...100) == [10, 50, 90])
    #expect(Labels.apart([50, 50], gap: 14, within: 0...100) == [43, 57])
    #expect(Labels.apart([0, 0, 0], gap: 10, within: 0...100) == [0, 10, 20])
    var generator = Dice(seed: 20_261_124)
    for count in 1...30 {
      let heights = (0..<count).map { _ in Double.random(in: 0...300, using: &generator) }
      let apart = Labels.apart(heights, gap: 8, within: 0...300)
      let order = heights.indices.sorted { (heights[$0], $0) < (heights[$1], $1) }
      for (a, b) in zip(order, order.dropFirst()) { #expect(apart[b] - apart[a] >= 8 - 1e-6, "\(heights)") }
      #expect(apart.allSatisfy { $0 >= -1e-9 && $0 <= 300 + 1e-9 })
    }
  }

  @Test func textIsTextAndIsCut() throws {
    let name = "<script>alert(1)</script>\u{0}\u{1B}\u{202E}\u{FFFE}&\"'" + String(repeating: "long ", count: 60)
    let panel = Panel(
      title: name, x: Axis(name, unit: name, .band([name, name])), y: Axis(name, .band([name, "b"])),
      marks: [.dots([Mark.Dot(Point(0, 0), .series(0), label: name, title: name)])])
    let figure = Figure(
      title: name, subtitle: name, note: name, legend: [LegendEntry(name, .series(1)), LegendEntry(name, .series(2))],
      panels: [panel, panel], columns: 2)
    for theme in Theme.all { checkSound(figure, theme) }
    let svg = figure.svg(.light)
    #expect(!svg.contains("<script") && svg.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(!svg.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 0x202E || $0.value == 0xFFFE })
  }

  @Test func figuresWithoutPanelsOrValuesAreSound() {
    checkSound(Figure(title: "empty", panels: []))
    let axis = Axis("v", .covering([Double]()))
    let panel = Panel(
      x: axis, y: axis, marks: [.line([], .ink), .area([], .ink), .dots([]), .cells([]), .line([.gap, .gap], .ink)])
    checkSound(Figure(title: "no values", panels: [panel]))
  }

  /// Whole thirds of the ways that eyes see, by Machado, Oliveira and Fernandes (2009, doi:10.1109/TVCG.2009.113),
  /// severity 1: no two series of a palette look alike.
  @Test func seriesAreToldApartByEveryKindOfColourVision() {
    let kinds: [(String, [Double])] = [
      ("normal", [1, 0, 0, 0, 1, 0, 0, 0, 1]),
      ("protan", [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998]),
      ("deutan", [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881]),
      ("tritan", [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900]),
    ]
    func seen(_ color: String, _ kind: [Double]) -> [Double] {
      let linear = Theme.channels(color).map { pow(Double($0) / 255, 2.2) }
      let turned = (0..<3).map { row in (0..<3).reduce(0) { $0 + kind[row * 3 + $1] * linear[$1] } }
      return turned.map { pow(min(max($0, 0), 1), 1 / 2.2) * 255 }
    }
    for theme in Theme.all {
      for (name, kind) in kinds {
        for (place, color) in theme.palette.enumerated() {
          for other in theme.palette[..<place] {
            let gap = zip(seen(color, kind), seen(other, kind)).reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot()
            #expect(gap > 24, "\(theme.name), \(name): \(color) and \(other) are \(gap) apart")
          }
        }
      }
    }
  }
}
