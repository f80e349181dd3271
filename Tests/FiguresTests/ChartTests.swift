import Domain
import Foundation
import Metrics
import Testing

@testable import Figures

/// Results as charts see them, made up.
enum MadeUp {
  static let start = Instant(milliseconds: 1_736_121_600_000)

  /// Even steps from the start on.
  static func steps(_ count: Int, minutes: Int64, _ value: (Int) -> Double) -> [ChartData.Step] {
    (0..<count).map { place in
      let at = start + .minutes(minutes * Int64(place))
      return ChartData.Step(start: at, end: at + .minutes(minutes), value: value(place))
    }
  }

  /// - Parameters:
  ///   - names: of the zones; policies are called alike.
  ///   - value: of everything that is drawn, from a running number.
  static func data(
    _ names: [String], policies: [String], days: Int = 7, replications: Int = 3, hasJobs: Bool = true,
    value: (Int) -> Double
  ) -> ChartData {
    let end = start + .days(Int64(days))
    var number = 0
    func next() -> Double {
      number += 1
      return value(number)
    }
    func steps(_ hours: Int) -> [ChartData.Step] {
      self.steps(days * 24 / hours, minutes: 60 * Int64(hours)) { _ in next() }
    }
    let zones = names.enumerated().map { place, name in
      ChartData.Zone(
        id: place + 1, code: name, name: name, capacity: ResourceAmounts(cpuCores: 10, memoryGigabytes: 1, gpus: 0))
    }
    let all = policies.enumerated().map { place, label in
      var policy = ChartData.Policy(label: label, isBaseline: place == 0)
      for metric in ["carbon_kg", "cost_gbp", "sla_met_pct", "carbon_savings_pct", "cost_savings_pct"] {
        policy.figures[metric] = (0..<replications).map { _ in hasJobs ? next() : nil }
      }
      policy.load = zones.map { _ in steps(2) }
      policy.queue = steps(1).map { ChartData.Step(start: $0.start, end: $0.end, value: abs($0.value)) }
      policy.hours = zones.map { _ in
        (0..<24).map { _ in ResourceAmounts(cpuCores: abs(next()), memoryGigabytes: 0, gpus: 0) }
      }
      guard hasJobs else { return policy }
      for quantity in ["wait_s", "turnaround_s"] {
        let values = ChartTallies.shares.map { _ in abs(next()) }.sorted()
        policy.quantiles[quantity] = zip(ChartTallies.shares, values).map { ($0, $1) }
      }
      policy.types = ["TRAINING", "OTHER"].map {
        ChartData.TypeFigures(type: $0, started: 12, emissions: Emissions(next() * 1000))
      }
      return policy
    }
    var data = ChartData(
      scenario: names.first ?? "none", start: start, end: end, replications: replications, zones: zones, policies: all,
      intensity: zones.map { _ in steps(1) })
    data.forecasts = zones.prefix(24).map { _ in
      [ChartData.Forecast(issuedAt: start, steps: steps(1).filter { $0.start < start + .days(1) })]
    }
    return data
  }
}

@Suite struct ChartTests {
  private static let fifteen = (1...15).map { "policy-number-\($0)" }
  private static let long = String(repeating: "a very long name ", count: 12)

  private func check(_ data: ChartData, absent: Set<ChartName> = []) {
    for theme in Theme.all {
      for name in ChartName.allCases {
        guard let figure = ChartCatalog.figure(name, data) else {
          #expect(absent.contains(name), "\(name) of \(data.scenario) is not there")
          continue
        }
        checkSound(figure, theme)
        #expect(!figure.svg(theme).contains("<script"))
        #expect(figure.svg(theme).utf8.count < 1_500_000, "\(name): \(figure.svg(theme).utf8.count) bytes")
      }
    }
  }

  /// Of everything hostile: sound figures, in both themes.
  @Test(arguments: [
    (["<script>alert(1)</script>", "\u{0}\u{FFFE}&\"'"], 2), ([long, long, long, long, long + "x"], 15), (["one"], 1),
    ((1...14).map { "Zone \($0)" }, 15), (["🏴󠁧󠁢󠁳󠁣󠁴󠁿 Ségolène", "東京"], 3),
  ])
  func hostileNamesGiveSoundFigures(zones: [String], policies: Int) {
    let names = zones.count > 10 ? ChartTests.fifteen : (0..<policies).map { "\(zones[0]) \($0)" }
    check(
      MadeUp.data(zones, policies: Array(names.prefix(policies))) { Double($0 % 97) },
      absent: policies == 1 ? [.savings] : [])
  }

  @Test func twoHundredZonesGiveSoundFigures() {
    let data = MadeUp.data((1...200).map { "Zone \($0)" }, policies: ["standard", "other"], days: 2) { Double($0 % 31) }
    check(data)
    #expect(ChartCatalog.figure(.intensity, data)?.note.contains("The first 48 of 200 zones") == true)
    #expect(ChartCatalog.figure(.load, data)?.legend.last?.text == "193 other zones")
  }

  @Test(arguments: [0.0, 7, -3, 1e-12, 1e12]) func equalValuesGiveSoundFigures(value: Double) {
    check(MadeUp.data(["A", "B"], policies: ["standard", "other"]) { _ in value })
  }

  @Test func negativeAndExtremeValuesGiveSoundFigures() {
    check(MadeUp.data(["A", "B"], policies: ChartTests.fifteen) { $0 % 2 == 0 ? -Double($0) : Double($0) * 1e7 })
  }

  @Test func noJobsGiveWhatThereIs() {
    let data = MadeUp.data(["A", "B"], policies: ["standard", "other"], hasJobs: false) { Double($0 % 5) }
    check(data, absent: [.wait, .turnaround, .carbonByType, .pareto, .savings])
    let nothing = ChartData(
      scenario: "n", start: MadeUp.start, end: MadeUp.start + .days(1), replications: 1, zones: [], policies: [],
      intensity: [])
    #expect(ChartName.allCases.allSatisfy { ChartCatalog.figure($0, nothing) == nil })
  }

  @Test func aYearIsThinnedAndItsMeansAreTheTraces() {
    let steps = MadeUp.steps(17_520, minutes: 30) { Double($0 % 48) }
    let thinned = Thinned.of(steps, most: 400)
    #expect((365...366).contains(thinned.count))
    #expect(thinned.allSatisfy { abs($0.mean - 23.5) < 1e-9 && $0.low == 0 && $0.high == 47 })
    #expect(Thinned.of(Array(steps.prefix(10)), most: 400).map(\.mean) == (0..<10).map(Double.init))
  }

  @Test func stackedLoadEndsAtTheSum() throws {
    var data = MadeUp.data(["A", "B", "C"], policies: ["p"], days: 1) { _ in 2 }
    data.policies[0].load[1] = data.policies[0].load[1].map { ChartData.Step(start: $0.start, end: $0.end, value: 5) }
    let figure = try #require(ChartCatalog.figure(.load, data))
    let tops = figure.panels[0].marks.compactMap { mark -> Double? in
      if case .area(let extents, _, _, _) = mark { extents.map(\.high).max() } else { nil }
    }
    // Each from 0 to its top, the highest drawn first.
    #expect(tops == [9, 7, 2])
  }

  /// The highest step of all is drawn as high as it is, however many there are; not more than eight colours.
  @Test func peaksOfTheLoadAreThose() throws {
    for policies in [1, 3, 15] {
      let names = (0..<policies).map { "p\($0)" }
      var data = MadeUp.data((1...14).map { "Zone \($0)" }, policies: names, days: 30) { _ in 1 }
      for policy in names.indices {
        data.policies[policy].load = data.zones.indices.map { _ in MadeUp.steps(1440, minutes: 30) { _ in 1 } }
        data.policies[policy].load[3][777].value = 100
      }
      let figure = try #require(ChartCatalog.figure(.load, data))
      #expect(figure.legend.count == 8 && Set(figure.legend.map(\.ink)).count == 8)
      for panel in figure.panels {
        let extents = panel.marks.flatMap { mark -> [Mark.Extent] in
          if case .area(let extents, _, _, true) = mark { extents } else { [] }
        }
        let top = try #require(extents.max { $0.high < $1.high })
        #expect(panel.marks.count == 8 && top.high == 113)
        let at = Double(data.policies[0].load[3][777].start.milliseconds)
        #expect(at >= top.x && at < top.x + 8 * 1_800_000)
      }
    }
  }

  /// Power of 2 kW at 100 g/kWh for an hour, then at 300 g/kWh for half of one, and 1 kW in another zone at 50 g/kWh.
  @Test func emissionsAreCumulated() throws {
    var data = MadeUp.data(["A", "B"], policies: ["p"], days: 1) { _ in 0 }
    data.intensity = [
      MadeUp.steps(2, minutes: 60) { [100, 300][$0] }, MadeUp.steps(4, minutes: 30) { _ in 50 },
    ]
    data.policies[0].load = [MadeUp.steps(1, minutes: 90) { _ in 2 }, MadeUp.steps(1, minutes: 90) { _ in 1 }]
    let sums = data.cumulatedEmissions(data.policies[0])
    #expect(sums.count == 1 && abs(sums[0].kilograms - (0.2 + 0.3 + 0.075)) < 1e-12)
    #expect(sums[0].at == MadeUp.start + .minutes(90))
    // Of a zone whose intensity is not known to the end nothing is told.
    data.intensity[0].removeLast()
    #expect(data.cumulatedEmissions(data.policies[0]).isEmpty && ChartCatalog.figure(.emissions, data) == nil)
  }

  /// Lines go on until the last job has ended, with a mark at the clock's end; without job rows the totals are written.
  @Test func emissionsGoOnAfterTheClock() throws {
    var data = MadeUp.data(["A"], policies: ["standard", "late"], days: 1) { _ in 1 }
    let clockEnd = data.end
    func late(_ hours: Int64, _ power: Double) -> [[ChartData.Step]] {
      [[ChartData.Step(start: clockEnd, end: clockEnd + .minutes(60 * hours), value: power)]]
    }
    data.intensity = [MadeUp.steps(24, minutes: 60) { _ in 100 }]
    data.lateIntensity = [[ChartData.Step(start: clockEnd, end: clockEnd + .days(1), value: 500)]]
    (data.policies[0].lateLoad, data.policies[1].lateLoad) = ([], late(10, 3))
    let within = 1.0 * 24 * 100 / 1000
    let sums = data.cumulatedEmissions(data.policies[1])
    #expect(abs((sums.last?.kilograms ?? 0) - within - 3 * 10 * 500 / 1000) < 1e-9)
    #expect(sums.last?.at == clockEnd + .minutes(600))
    let figure = try #require(ChartCatalog.figure(.emissions, data))
    let last = Double((clockEnd + .minutes(600)).milliseconds)
    #expect(figure.panels[0].x.scale == .time(Double(data.start.milliseconds)...last))
    var (rules, ends): ([Double?], [Double?]) = ([], [])
    for mark in figure.panels[0].marks {
      if case .rule(let x, _, _) = mark { rules.append(x) }
      if case .line(let points, _, _, _) = mark { ends.append(points.last?.x) }
    }
    #expect(rules == [Double(clockEnd.milliseconds)] && ends == [last, last])
    checkSound(figure)
    // No job rows: the lines end with the clock, and the note says what is missing.
    for place in [0, 1] {
      data.policies[place].lateLoad = nil
      data.policies[place].figures["carbon_kg"] = [2.4 + 15 * Double(place), 9, 9]
      data.policies[place].figures["carbon_after_clock_pct"] = [86 * Double(place), 0, 0]
    }
    let short = try #require(ChartCatalog.figure(.emissions, data))
    #expect(short.note.contains("Totals with it, kgCO₂: late 17.4."), "\(short.note)")
    #expect(short.panels[0].x.scale == data.timeAxis.scale && short.legend.isEmpty)
  }

  /// A policy whose jobs never wait has a line across the panel.
  @Test func aPolicyWithoutWaitsHasALine() throws {
    var data = MadeUp.data(["A"], policies: ["standard", "other"]) { Double($0 * 60) }
    data.policies[1].quantiles["wait_s"] = ChartTallies.shares.map { ($0, 0) }
    let figure = try #require(ChartCatalog.figure(.wait, data))
    guard case .line(let points, _, _, _) = figure.panels[0].marks[1] else { Issue.record("no line"); return }
    let longest = try #require(data.policies[0].quantiles["wait_s"]?.map(\.value).max())
    #expect(points.last == Point(longest, 100) && points.first == Point(0, 0))
  }

  /// Greatest savings first, deadlines beside, hollow where less is kept than is asked.
  @Test func savingsAreSorted() throws {
    var data = MadeUp.data(["A"], policies: ["standard", "a", "b", "c"], replications: 1) { _ in 1 }
    for (place, values) in [(1, (5.0, 99.0)), (2, (20, 40)), (3, (-3, 96))] {
      data.policies[place].figures["carbon_savings_pct"] = [values.0]
      data.policies[place].figures["sla_met_pct"] = [values.1]
    }
    data.requirements = [Requirement(metric: "sla_met_pct", least: 95)]
    let figure = try #require(ChartCatalog.figure(.savings, data))
    #expect(figure.panels.map(\.title) == ["emissions", "cost", "deadlines met"])
    guard case .band(let names) = figure.panels[0].y.scale else { Issue.record("no names"); return }
    #expect(names == ["b *", "a", "c"])
    for panel in figure.panels {
      let dots = panel.marks.flatMap { mark -> [Mark.Dot] in if case .dots(let dots) = mark { dots } else { [] } }
      #expect(dots.map(\.isHollow) == [true, false, false])
    }
    checkSound(figure, .light)
    // Without the baseline the rest stands as it did.
    let some = data.only { $0.label == "b" }
    let one = try #require(ChartCatalog.figure(.savings, some))
    #expect(one.title.hasSuffix("saved against standard") && some.standings.marks("b") == " *")
    let pareto = try #require(ChartCatalog.figure(.pareto, data))
    #expect(!pareto.panels[0].marks.contains { if case .line = $0 { true } else { false } })
  }

  @Test(arguments: [6.0, 12, 20]) func figuresOfAnySizeAreSound(fontSize: Double) throws {
    let data = MadeUp.data((1...14).map { "Zone \($0)" }, policies: ChartTests.fifteen) { Double($0 % 97) }
    for name in ChartName.allCases {
      for (width, height) in [(25 * fontSize, nil), (600, 3000), (2000, nil)] as [(Double, Double?)] {
        guard var figure = ChartCatalog.figure(name, data) else { continue }
        (figure.width, figure.height, figure.fontSize, figure.hasTitle) = (width, height, fontSize, false)
        let svg = figure.svg(.light)
        #expect(svg.contains("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(SVG.number(width))\""))
        if let height { #expect(svg.contains(" height=\"\(SVG.number(height))\"") || figure.leastHeight > height) }
        #expect(!svg.contains("nan") && !svg.contains(">\(SVG.escaped(figure.title))</text>"))
        if width >= 50 * fontSize { checkSound(figure, .light) }
      }
    }
  }

  @Test func nobodyOnTheFrontIsBeatenAndEverybodyElseIs() {
    var dice = Dice(seed: 7)
    for _ in 0..<200 {
      let entries = (0..<Int.random(in: 1...12, using: &dice)).map { place in
        ParetoChart.Entry(
          label: "\(place)", isBaseline: false, cost: Double(Int.random(in: 0...5, using: &dice)),
          carbon: Double(Int.random(in: 0...5, using: &dice)), sla: Double(Int.random(in: 0...3, using: &dice)))
      }
      let front = Set(ParetoChart.front(entries).map(\.label))
      for entry in entries {
        // By the definition, written out.
        let isBeaten = entries.contains { other in
          let noWorse = other.cost <= entry.cost && other.carbon <= entry.carbon && (other.sla ?? 0) >= (entry.sla ?? 0)
          let same = other.cost == entry.cost && other.carbon == entry.carbon && other.sla == entry.sla
          return noWorse && !same
        }
        #expect(front.contains(entry.label) != isBeaten)
      }
    }
  }

  @Test func savingsHaveStudentsIntervals() throws {
    var data = MadeUp.data(["A"], policies: ["standard", "other"]) { _ in 1 }
    data.policies[1].figures["carbon_savings_pct"] = [10, 12, 14]
    let figure = try #require(ChartCatalog.figure(.savings, data))
    var intervals: [Mark.Interval] = []
    for case .intervals(let found, _) in figure.panels[0].marks { intervals += found }
    // t(2, 0.975) = 4.302653, s = 2: 12 ± 4.302653 × 2 / √3.
    #expect(intervals.count == 1)
    #expect(abs(intervals[0].from.x - 7.031719) < 1e-5 && abs(intervals[0].to.x - 16.968281) < 1e-5)
  }

  @Test func theErrorOfAForecastIsWeightedByTime() {
    func step(_ from: Int64, _ until: Int64, _ value: Double) -> ChartData.Step {
      ChartData.Step(start: Instant(milliseconds: from), end: Instant(milliseconds: until), value: value)
    }
    let actual = [step(0, 10, 5), step(10, 20, 9), step(20, 40, 1)]
    let issues = [
      ChartData.Forecast(issuedAt: Instant(milliseconds: 5), steps: [step(5, 15, 7), step(15, 30, 2)]),
      ChartData.Forecast(issuedAt: Instant(milliseconds: 0), steps: [step(0, 10, 5)]),
    ]
    // |7−5|·5 + |7−9|·5 + |2−9|·5 + |2−1|·10 + 0·10 over 35.
    let error: Double = ForecastChart.error(issues, actual) ?? 0
    #expect(abs(error - 65.0 / 35) < 1e-12)
    #expect(ForecastChart.error([], actual) == nil && ForecastChart.error(issues, []) == nil)
  }

  @Test func sweepsOfOneTwoAndManyKeys() {
    func data(_ keys: [String], _ points: [[String]]) -> SweepData {
      let table = points.indices.map { [[Double($0), Double($0) + 1], [2, 3]] }
      return SweepData(
        scenario: "<s>", keys: keys, points: points, policies: ["standard", "other"],
        values: ["carbon_savings_pct": table, "wait_mean_s": table])
    }
    let one = SweepChart.figures(data(["rate"], [["10"], ["2"], ["300"]]))
    #expect(one.map(\.name) == ["chart-response.svg"])
    let grid = SweepChart.figures(
      data(["rate", "model"], [["1", "a"], ["1", "b"], ["2", "a"], ["2", "b"], ["3", "a"], ["3", "b"]]))
    #expect(grid.map(\.name) == SweepChart.names)
    let many = SweepChart.figures(data(["a", "b", "c"], [["1", "4", "x"], ["2", "5", "y"], ["3", "6", "<z>"]]))
    #expect(many.map(\.name) == ["chart-response.svg"])
    for (_, figure) in one + grid + many {
      for theme in Theme.all { checkSound(figure, theme) }
    }
    let spans = data(["workload.classes.*.deferral_window", "grid.carbon.constant"], [["12h", "5"], ["90m", "2"]])
    #expect(spans.factors[0].numbers == [1.5, 12] && spans.factors[0].unit == "h")
    #expect(spans.factors[0].levels == ["90m", "12h"] && spans.factors[1].unit == "gCO₂/kWh")
    #expect(data(["x"], [["a"], ["2"]]).factors[0].numbers == nil)
    let waits = SweepData(
      scenario: "s", keys: ["x"], points: [["1"], ["2"]], policies: ["p"],
      values: ["wait_mean_s": [[[7200]], [[14_400]]]]
    ).readable
    #expect(waits.units["wait_mean_s"] == "h" && waits.data.values["wait_mean_s"] == [[[2]], [[4]]])
    // Numbers by size, whatever their order in the sweep.
    #expect(data(["rate"], [["10"], ["2"], ["300"]]).factors[0].levels == ["2", "10", "300"])
    #expect(SweepChart.figures(data(["rate"], [["1"]])).isEmpty)
  }

  @Test func profilesAreMeansByHour() {
    let steps = MadeUp.steps(96, minutes: 30) { Double($0) }
    let profile = DailyProfile(steps)
    // Two days: hour 3 has half hours 6, 7 and 54, 55.
    #expect(profile.means[3] == 30.5)
    #expect(profile.quartiles[3].low == 6 && profile.quartiles[3].high == 54)
  }

  @Test func tracesOfAnyShapeAreDrawn() {
    func series(_ count: Int, _ minutes: Int64) -> TraceFigure.Series {
      let steps = MadeUp.steps(count, minutes: minutes) { Double($0 % 60) - 5 }
      return TraceFigure.Series(name: "<\(count)>", steps: steps)
    }
    for many in [[], [series(1, 5)], [series(20_000, 30), series(3, 60)], (1...70).map { series($0, 60) }] {
      let figure = TraceFigure.figure(many, title: "a & b", quantity: "price", unit: "GBP/kWh")
      checkSound(figure)
      checkSound(figure, .dark)
    }
  }
}
