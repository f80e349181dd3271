import Domain
import Foundation

/// Reads the whole document; faults go to the reader.
struct ScenarioDecoding {
  let reader: Reader
  let directory: String
  let knownPolicies: [String]

  static let keys = [
    "name", "seed", "clock", "zones", "grid", "workload", "policies", "baseline", "replications", "drain", "caps",
    "interruption", "outputs", "until", "checks", "sweep", "events", "warm_up", "requirements", "currency",
  ]

  /// `nil` where a fault left something without a value.
  func scenario(_ root: Tree) -> Scenario? {
    guard let top = reader.fields(Cell(tree: root, path: ""), allowed: ScenarioDecoding.keys) else { return nil }
    let name = name(top)
    let seed = reader.whole(top.optional("seed", else: "0"), expected: "a whole number ≥ 0", in: 0...UInt64.max) ?? 0
    let currency = currency(top.optional("currency", else: Currency.gbp.code))
    let clock = clock(top.required("clock", "a mapping with start, duration"))
    let zones = ZoneDecoding(reader: reader).zones(top.required("zones", "a list of zones or a preset"))
    let gridDecoding = GridDecoding(reader: reader, directory: directory, zones: zones)
    let grid = gridDecoding.grid(top.required("grid", "a mapping with carbon, price"))
    if let grid, let clock {
      gridDecoding.check(grid, top, duration: clock.duration, currency)
    }
    let workload = WorkloadDecoding(reader: reader, directory: directory, zones: zones)
      .workload(top.required("workload", WorkloadDecoding.expected))
    let decoding = PolicyDecoding(reader: reader, directory: directory, known: knownPolicies, zones: zones.map(\.code))
    let policies = reader.items(
      top.required("policies", "a list of policies"), expected: "a list of policies", bracketed: true)
    let told = policies?.compactMap { cell in decoding.policy(cell).map { (spec: $0, cell: cell) } } ?? []
    decoding.checkLabels(told)
    let specs = told.map(\.spec)
    if top.optional("baseline") == nil { reader.fill("", "baseline", .standard("standard")) }
    let baseline = decoding.baseline(top.optional("baseline"), among: specs) ?? "standard"
    let running = (specs.map(\.name) + [baseline] + PolicySpec.labels(specs)).uniqued
    let isChosen = ["policies", "baseline"].contains { top.optional($0)?.tree.origin != nil }
    let period = clock.map { (start: $0.start, duration: $0.duration) }
    let experiment = ExperimentDecoding(
      reader: reader, directory: directory, policies: running,
      checkable: isChosen ? (knownPolicies + running).uniqued : running)
    let drain = reader.flag(top.optional("drain", else: "true")) ?? true
    let caps = reader.choice(top.optional("caps", else: "soft"), of: CapMode.self) ?? .soft
    let interruption = InterruptionDecoding(reader: reader).interruption(
      top.optional("interruption", else: "{allowed: false}"))
    let outputs = outputs(top.optional("outputs", else: "{}"), clock, zones: zones.count)
    let (count, windows) = experiment.replications(top, period, workload)
    let until = experiment.until(top, windows: windows?.count)
    let warmUp = experiment.warmUp(top, clock?.duration)
    let checks = experiment.checks(top)
    let requirements = RequirementDecoding(reader: reader).requirements(top.optional("requirements", else: "{}"))
    let sweep = SweepDecoding(reader: reader, seed: seed).sweep(top)
    var eventDecoding = EventDecoding(reader: reader, zones: zones, clock: period, workload: workload)
    eventDecoding.timeZone = clock?.zone ?? .gmt
    if let clock, let windows {
      eventDecoding.windows = windows
      eventDecoding.isWithinAWindow = { windows.mayHold($0, clock: clock.start, clock.duration) }
    }
    let events = eventDecoding.events(top.optional("events"))
    if case .generated(let model) = workload, let clock, let cell = top.optional("workload") {
      refuseTooMany(model.arrivals, over: clock.duration, cell)
    }
    guard let name, let clock, let grid, let workload else { return nil }
    var scenario = Scenario(
      name: name, seed: seed, start: clock.start, duration: clock.duration, zones: zones, grid: grid,
      workload: workload, policies: specs, baseline: baseline, replications: count, drain: drain, caps: caps,
      interruption: interruption, outputs: outputs)
    scenario.currency = currency
    scenario.until = until
    scenario.windows = windows
    scenario.checks = checks
    scenario.requirements = requirements
    scenario.sweep = sweep
    scenario.files = reader.files
    scenario.filePlaces = reader.places
    scenario.events = events
    scenario.remarks = reader.remarks
    scenario.warmUp = warmUp
    return scenario
  }

  private func name(_ top: Fields) -> String? {
    let expected = "a name without / (it names a directory)"
    guard let cell = top.required("name", expected), let name = reader.text(cell, expected: expected) else {
      return nil
    }
    let isControl = { (scalar: Unicode.Scalar) in scalar.value < 32 || scalar.value == 127 }
    guard name != ".", name != "..", !name.hasSlash, !name.unicodeScalars.contains(where: isControl) else {
      reader.refuse(cell, expected: expected)
      return nil
    }
    // So long a name no file system takes.
    guard name.utf8.count <= 200 else {
      reader.refuse(cell, expected: "a name of at most 200 bytes")
      return nil
    }
    return name
  }

  private func currency(_ cell: Cell?) -> Currency {
    let expected = "a currency as three capital letters, such as EUR"
    guard let cell, let text = reader.text(cell, expected: expected) else { return .gbp }
    if let currency = Currency(text) { return currency }
    let upper = text.uppercased()
    reader.refuse(cell, expected: expected, suggestion: Currency(upper) == nil ? nil : upper)
    return .gbp
  }

  private func refuseTooMany(_ arrivals: ArrivalModel, over duration: TimeSpan, _ cell: Cell) {
    let expected = arrivals.expectedJobs(over: duration)
    guard !(expected <= ArrivalModel.mostJobs) else { return }
    let found = expected.isFinite ? "about \(expected.rounded()) jobs" : "infinitely many jobs"
    reader.refuse(cell, expected: "a model of at most 1e8 jobs over the clock", found: found)
  }

  private func clock(_ cell: Cell?) -> (start: Instant, duration: TimeSpan, zone: TimeZone)? {
    let ends = ["end": "duration", "until": "duration", "to": "duration"]
    guard let fields = reader.fields(cell, allowed: ["start", "duration", "time_zone"], instead: ends) else {
      return nil
    }
    let zone = timeZone(fields.optional("time_zone", else: "UTC"))
    let start = reader.instant(fields.required("start", "an instant such as 2020-01-06T00:00:00Z"))
    let duration = reader.spanWithUnit(
      fields.required("duration", "a time span such as 7d"), suffix: "d", such: "7d or 48h")
    guard let start, let duration else { return nil }
    if Instant.calendar.contains(start), start + duration <= Instant.calendar.upperBound {
      return (start, duration, zone)
    }
    if let cell {
      reader.refuse(cell, expected: "a clock within the years 0 to 9999", found: "a clock outside this range")
    }
    return nil
  }

  /// The zone of weekdays and times of day in events.
  private func timeZone(_ cell: Cell) -> TimeZone {
    let expected = "a time zone's name such as Europe/London, or UTC"
    guard let name = reader.text(cell, expected: expected) else { return .gmt }
    // Abbreviations such as BST do not say when clocks change.
    if ["UTC", "GMT"].contains(name) { return .gmt }
    if name.contains("/"), let zone = TimeZone(identifier: name) { return zone }
    let known = TimeZone.knownTimeZoneIdentifiers
    let city = known.first { $0.lowercased().hasSuffix("/" + name.lowercased()) }
    reader.refuse(cell, expected: expected, suggestion: city ?? nearest(to: name, among: known))
    return .gmt
  }

  private func outputs(
    _ cell: Cell?, _ clock: (start: Instant, duration: TimeSpan, zone: TimeZone)?, zones: Int
  ) -> OutputSpec {
    let fields = reader.fields(
      cell, allowed: ["workloads", "maps", "samples", "charts", "decisions", "theme", "outline"])
    return OutputSpec(
      workloads: reader.choice(fields?.optional("workloads", else: "all"), of: OutputSpec.Amount.self) ?? .all,
      maps: times(fields?.optional("maps", else: "default"), clock, most: ScenarioDecoding.mostMaps),
      samples: times(
        fields?.optional("samples", else: "default"), clock, most: ScenarioDecoding.mostSamples / max(zones, 1)),
      charts: charts(fields?.optional("charts", else: "default")),
      decisions: reader.choice(fields?.optional("decisions", else: "none"), of: OutputSpec.Amount.self) ?? .none,
      theme: reader.choice(fields?.optional("theme", else: "light"), of: ThemeName.self) ?? .light,
      outline: outline(fields?.optional("outline")))
  }

  private func outline(_ cell: Cell?) -> String? {
    guard let cell, let path = reader.text(cell, expected: "the path of a GeoJSON file") else { return nil }
    return reader.input(path, in: directory, at: cell)
  }

  private func charts(_ cell: Cell?) -> OutputSpec.Charts {
    guard let cell else { return .standard }
    let expected = "default, none or a list of \(ChartName.allCases.map(\.rawValue).joined(separator: ", "))"
    switch cell.tree.content {
    case .scalar("default", _), .scalar("all", _): return .standard
    case .scalar("none", _): return .none
    case .sequence:
      let cells = reader.items(cell, expected: expected) ?? []
      return .named(cells.compactMap { reader.choice($0, of: ChartName.self) })
    default:
      reader.refuse(cell, expected: expected)
      return .standard
    }
  }

  /// Maps of a run; each is a file.
  private static let mostMaps = 10_000
  /// Rows of `zone_samples` of a run, which are held until it ends.
  private static let mostSamples = 10_000_000

  private func times(
    _ cell: Cell?, _ clock: (start: Instant, duration: TimeSpan, zone: TimeZone)?, most: Int
  ) -> OutputSpec.Times {
    guard let cell else { return .standard }
    switch cell.tree.content {
    case .scalar("default", _): return .standard
    case .scalar("none", _): return .none
    case .scalar:
      reader.refuse(cell, expected: "default, none, a list of instants or {every: 6h}")
      return .standard
    case .sequence:
      let cells = reader.items(cell, expected: "instants") ?? []
      if cells.count > most { reader.refuse(cell, expected: "at most \(most) instants", found: "\(cells.count)") }
      return .at(cells.compactMap { instant($0, within: clock) })
    case .mapping:
      let fields = reader.fields(cell, allowed: ["every"])
      guard
        let every = reader.spanWithUnit(
          fields?.required("every", "a time span such as 6h"), suffix: "h", such: "6h or 1d")
      else { return .standard }
      if let clock, clock.duration.milliseconds / every.milliseconds > most {
        let count = clock.duration.milliseconds / every.milliseconds
        reader.refuse(cell, expected: "at most \(most) instants within the clock", found: "\(count) of them")
      }
      return .every(every)
    }
  }

  private func instant(
    _ cell: Cell, within clock: (start: Instant, duration: TimeSpan, zone: TimeZone)?
  ) -> Instant? {
    var found: Instant?
    // As in events: a day and time, or a span after the clock's start.
    if let clock, case .scalar(let text, _) = cell.tree.content, Instant(text: text) == nil {
      if let week = WeekTime(text) { found = week.first(from: clock.start, zone: clock.zone) }
      if let span = TimeSpan(scenarioText: text), span >= .zero { found = clock.start + span }
      if found == nil {
        reader.refuse(cell, expected: EventDecoding.timeText, suggestion: WeekTime.meant(by: text))
        return nil
      }
    }
    guard let instant = found ?? reader.instant(cell) else { return nil }
    if let clock, instant < clock.start || instant >= clock.start + clock.duration {
      let (from, end) = (clock.start.readable, (clock.start + clock.duration).readable)
      reader.refuse(cell, expected: "an instant within the clock, from \(from) to before \(end)")
    }
    return instant
  }
}
