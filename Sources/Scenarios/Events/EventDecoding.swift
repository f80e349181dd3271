import Domain
import Foundation

/// Reads `events:`.
struct EventDecoding {
  let reader: Reader
  let zones: [Zone]
  let clock: (start: Instant, duration: TimeSpan)?
  /// Whether an instant is within the clock of some replication; `nil` where all have one clock.
  var isWithinAWindow: ((Instant) -> Bool)?
  let workload: WorkloadSpec?

  private static let kinds = ["outage", "capacity", "surge", "carbon", "price"]
  private static let factorText = "a factor from 0 to 1000"

  func events(_ cell: Cell?) -> EventSpec {
    var spec = EventSpec()
    guard let cell else { return spec }
    for item in reader.items(cell, expected: "a list of events") ?? [] { event(item, into: &spec) }
    refuseFactorsTogether(spec, cell)
    return spec
  }

  /// Each factor has a limit; so has what those of one time come to.
  private func refuseFactorsTogether(_ spec: EventSpec, _ cell: Cell) {
    for change in spec.changes(of: zones) {
      let amounts = [change.capacity.milliCores, change.capacity.milliGigabytes, change.capacity.milliGPUs]
      guard amounts.contains(where: { $0 > EventSpec.Amount.most }) else { continue }
      reader.refuse(
        cell, expected: "a capacity of at most 1e15",
        found: "factors that make more of \(zones[change.zone].code)'s at \(change.at.iso8601)")
      break
    }
    for quantity in [EventSpec.Shock.Quantity.carbon, .price] {
      let own = spec.shocks.filter { $0.quantity == quantity }
      for zone in zones.indices {
        guard let at = EventDecoding.excess(own.filter { $0.zones.contains(zone) }) else { continue }
        reader.refuse(
          cell, expected: "factors of at most 1e6 together",
          found: "factors of \(quantity.rawValue) that come to more in \(zones[zone].code) at \(at.iso8601)")
        break
      }
    }
  }

  /// When the product of factors is above a million for the first time.
  private static func excess(_ shocks: [EventSpec.Shock]) -> Instant? {
    var edges: [(at: Instant, change: Double, isNothing: Int)] = []
    for shock in shocks {
      let (change, isNothing) = shock.factor > 0 ? (log2(shock.factor), 0) : (0, 1)
      edges.append((shock.span.lowerBound, change, isNothing))
      edges.append((shock.span.upperBound, -change, -isNothing))
    }
    edges.sort { $0.at < $1.at }
    var (sum, zeros) = (0.0, 0)
    for (place, edge) in edges.enumerated() {
      sum += edge.change
      zeros += edge.isNothing
      let isLast = place + 1 == edges.count || edges[place + 1].at > edge.at
      if isLast, zeros == 0, sum > log2(1e6) + 1e-6 { return edge.at }
    }
    return nil
  }

  private func event(_ cell: Cell, into spec: inout EventSpec) {
    let expected = "one of \(EventDecoding.kinds.joined(separator: ", ")) with a mapping"
    guard let fields = reader.fields(cell, allowed: EventDecoding.kinds, expected: expected) else { return }
    let told = EventDecoding.kinds.filter { fields.optional($0) != nil }
    guard told.count == 1 else {
      if told.count > 1 { reader.refuse(cell, expected: "one kind of event an item", found: "\(told.count)") }
      return
    }
    let own = fields.optional(told[0])
    switch told[0] {
    case "outage": if let outage = outage(own) { spec.outages.append(outage) }
    case "capacity": if let capacity = capacity(own) { spec.capacities.append(capacity) }
    case "surge": if let surge = surge(own) { spec.surges.append(surge) }
    default: if let shock = shock(own, told[0] == "price" ? .price : .carbon) { spec.shocks.append(shock) }
    }
  }

  private func outage(_ cell: Cell?) -> EventSpec.Outage? {
    guard let fields = reader.fields(cell, allowed: ["zone", "from", "duration", "until", "running"]) else {
      return nil
    }
    let zones = zones(fields.required("zone", "a zone's code or a list of codes"))
    let span = span(fields, from: "from", mayLast: false)
    let running = reader.choice(fields.optional("running"), of: OutageRule.self) ?? .fail
    guard let zones, let span else { return nil }
    return EventSpec.Outage(zones: zones, span: span.range, running: running, movesWithClock: span.moves)
  }

  private func capacity(_ cell: Cell?) -> EventSpec.Capacity? {
    let allowed = ["zone", "at", "until", "duration", "cpu_cores", "memory_gb", "gpus", "factor"]
    guard let cell, let fields = reader.fields(cell, allowed: allowed) else { return nil }
    let zones = zones(fields.required("zone", "a zone's code or a list of codes"))
    let span = span(fields, from: "at", mayLast: true)
    let common = factor(fields.optional("factor")).map { EventSpec.Amount.factor($0) }
    let amounts = ["cpu_cores", "memory_gb", "gpus"].map { amount(fields.optional($0)) ?? common }
    if amounts.allSatisfy({ $0 == nil }) {
      reader.refuse(cell, expected: "cpu_cores, memory_gb, gpus or factor", found: "none of them")
    }
    guard let zones, let span else { return nil }
    return EventSpec.Capacity(
      zones: zones, span: span.range, cores: amounts[0], memory: amounts[1], gpus: amounts[2],
      movesWithClock: span.moves)
  }

  private func surge(_ cell: Cell?) -> EventSpec.Surge? {
    let allowed = ["from", "duration", "until", "factor", "classes"]
    guard let cell, let fields = reader.fields(cell, allowed: allowed) else { return nil }
    let span = span(fields, from: "from", mayLast: false)
    let factor = factor(fields.required("factor", EventDecoding.factorText))
    var classes: [String] = []
    switch workload {
    case .generated(let model):
      let names = model.classes.map(\.name)
      for item in fields.optional("classes").flatMap({ reader.items($0, expected: "classes of the workload") }) ?? [] {
        guard let name = reader.text(item, expected: "a class of the workload") else { continue }
        if names.contains(name) {
          classes.append(name)
        } else {
          reader.refuse(
            item, expected: "a class of the workload, one of \(names.joined(separator: ", "))",
            suggestion: nearest(to: name, among: names))
        }
      }
    case .log:
      reader.refuse(cell, expected: "a generated workload, whose model can be asked for more", found: "a job log")
    case nil: break
    }
    guard let span, let factor else { return nil }
    return EventSpec.Surge(span: span.range, factor: factor, classes: classes, movesWithClock: span.moves)
  }

  private func shock(_ cell: Cell?, _ quantity: EventSpec.Shock.Quantity) -> EventSpec.Shock? {
    guard let fields = reader.fields(cell, allowed: ["zone", "from", "duration", "until", "factor"]) else { return nil }
    let told = fields.optional("zone").map { self.zones($0) } ?? Array(zones.indices)
    let span = span(fields, from: "from", mayLast: false)
    let factor = factor(fields.required("factor", EventDecoding.factorText))
    guard let told, let span, let factor else { return nil }
    return EventSpec.Shock(
      quantity: quantity, zones: told, span: span.range, factor: factor, movesWithClock: span.moves)
  }

  private func factor(_ cell: Cell?) -> Double? {
    reader.number(cell, expected: EventDecoding.factorText) { (0...1000).contains($0) }
  }

  /// A number, or `{factor: 0.5}`.
  private func amount(_ cell: Cell?) -> EventSpec.Amount? {
    guard let cell else { return nil }
    if case .mapping = cell.tree.content {
      let fields = reader.fields(cell, allowed: ["factor"])
      return factor(fields?.required("factor", EventDecoding.factorText)).map { .factor($0) }
    }
    return reader.number(cell, expected: "a number from 0 to 1e12, or {factor: 0.5}") { (0...1e12).contains($0) }
      .map { .absolute(Int64(($0 * 1000).rounded())) }
  }

  /// One code or a list of codes.
  private func zones(_ cell: Cell?) -> [ZoneIndex]? {
    guard let cell else { return nil }
    var items = [cell]
    if case .sequence = cell.tree.content { items = reader.items(cell, expected: "zones' codes") ?? [] }
    let codes = zones.map(\.code)
    let found = items.map { item -> ZoneIndex? in
      guard let code = reader.text(item, expected: "a zone's code") else { return nil }
      if let place = codes.firstIndex(of: code) { return place }
      // Zones that cannot be read have been told.
      guard !codes.isEmpty else { return nil }
      reader.refuse(
        item, expected: "a zone's code, one of \(codes.joined(separator: ", "))",
        suggestion: nearest(to: code, among: codes))
      return nil
    }
    return found.contains(nil) ? nil : found.compactMap { $0 }
  }

  /// When it begins, an instant or a span from the clock's start on, and how long it lasts or until when.
  private func span(_ fields: Fields, from key: String, mayLast: Bool) -> (range: Range<Instant>, moves: Bool)? {
    let moves = !isInstant(fields.optional(key))
    let start = instant(fields.required(key, "an instant, or a span from the clock's start on"))
    if let start, let clock, let cell = fields.optional(key) {
      if !moves, let isWithinAWindow {
        if !isWithinAWindow(start) {
          reader.refuse(
            cell, expected: "an instant within the clock of a replication, or a span from each clock's start on")
        }
      } else if start < clock.start || start >= clock.start + clock.duration {
        reader.refuse(cell, expected: "an instant within the clock, from its start to before its end")
      }
    }
    if isWithinAWindow != nil, let cell = fields.optional("until"), isInstant(cell) == moves {
      reader.refuse(
        cell,
        expected: "\(moves ? "a span from the clock's start on" : "an instant"), as \(key) is, where there are windows")
    }
    let duration = reader.span(fields.optional("duration"))
    let until = instant(fields.optional("until"))
    if fields.optional("duration") != nil, let cell = fields.optional("until") {
      reader.refuse(cell, expected: "duration or until, one of them", found: "both")
    }
    if !mayLast, fields.optional("duration") == nil, fields.optional("until") == nil {
      reader.refuse(
        Cell(tree: fields.cell.tree, path: fields.path("duration")), expected: "a time span such as 6h, or until",
        found: "no such key")
      return nil
    }
    guard let start else { return nil }
    let isTold = fields.optional("duration") != nil || fields.optional("until") != nil
    guard let end = until ?? duration.map({ start + $0 }) ?? (isTold ? nil : .never) else { return nil }
    guard end > start else {
      if let cell = fields.optional("until") { reader.refuse(cell, expected: "an instant later than \(key)") }
      return nil
    }
    return (start..<end, moves)
  }

  private func isInstant(_ cell: Cell?) -> Bool {
    if case .scalar(let text, _)? = cell?.tree.content { return Instant(text: text) != nil }
    return false
  }

  private func instant(_ cell: Cell?) -> Instant? {
    guard let cell else { return nil }
    if case .scalar(let text, _) = cell.tree.content {
      if let instant = Instant(text: text) { return instant }
      if let span = TimeSpan(scenarioText: text), span >= .zero, let clock { return clock.start + span }
      if TimeSpan(scenarioText: text) != nil, clock == nil { return nil }
    }
    reader.refuse(cell, expected: "an instant such as 2020-01-06T00:00:00Z, or a span from the clock's start on")
    return nil
  }
}
