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
  /// Of weekdays and times of day.
  var timeZone = TimeZone.gmt
  /// Where replications start their clocks; `nil` where all have one clock.
  var windows: WindowSpec?

  private static let kinds = ["outage", "capacity", "surge", "carbon", "price"]
  private static let factorText = "a factor from 0 to 1000, or a percentage such as 50%"
  private static let times = ["at", "from", "until", "duration"]

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
        found: "factors that give \(zones[change.zone].code) a larger capacity at \(change.at.iso8601)")
      break
    }
    for quantity in [EventSpec.Shock.Quantity.carbon, .price] {
      let own = spec.shocks.filter { $0.quantity == quantity }
      for zone in zones.indices {
        guard let at = EventDecoding.excess(own.filter { $0.zones.contains(zone) }) else { continue }
        reader.refuse(
          cell, expected: "factors with a product of at most 1e6",
          found: "\(quantity.rawValue) factors with a larger product in \(zones[zone].code) at \(at.iso8601)")
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
    if reader.refuseKind(cell, of: EventDecoding.kinds, expected: expected) { return }
    guard let fields = reader.fields(cell, allowed: EventDecoding.kinds, expected: expected) else { return }
    let told = EventDecoding.kinds.filter { fields.optional($0) != nil }
    guard told.count == 1 else {
      if told.count > 1 { reader.refuse(cell, expected: "one kind of event per item", found: "\(told.count)") }
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
    guard let fields = reader.fields(cell, allowed: ["zone"] + EventDecoding.times + ["running"]) else {
      return nil
    }
    let zones = zones(fields.required("zone", "a zone's code or a list of codes"))
    let span = span(fields, mayLast: true)
    let running = reader.choice(fields.optional("running", else: "fail"), of: OutageRule.self) ?? .fail
    guard let zones, let span else { return nil }
    return EventSpec.Outage(zones: zones, span: span.range, running: running, movesWithClock: span.moves)
  }

  private func capacity(_ cell: Cell?) -> EventSpec.Capacity? {
    let allowed = ["zone"] + EventDecoding.times + ["cpu_cores", "memory_gb", "gpus", "factor"]
    guard let cell, let fields = reader.fields(cell, allowed: allowed) else { return nil }
    let zones = zones(fields.required("zone", "a zone's code or a list of codes"))
    let span = span(fields, mayLast: true)
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
    let allowed = EventDecoding.times + ["factor", "classes"]
    guard let cell, let fields = reader.fields(cell, allowed: allowed) else { return nil }
    let span = span(fields, mayLast: false)
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
      reader.refuse(cell, expected: "a generated workload, whose arrival rate can change", found: "a job log")
    case nil: break
    }
    guard let span, let factor else { return nil }
    return EventSpec.Surge(span: span.range, factor: factor, classes: classes, movesWithClock: span.moves)
  }

  private func shock(_ cell: Cell?, _ quantity: EventSpec.Shock.Quantity) -> EventSpec.Shock? {
    guard let fields = reader.fields(cell, allowed: ["zone"] + EventDecoding.times + ["factor"]) else {
      return nil
    }
    let told = fields.optional("zone").map { self.zones($0) } ?? Array(zones.indices)
    let span = span(fields, mayLast: true)
    let factor = factor(fields.required("factor", EventDecoding.factorText))
    guard let told, let span, let factor else { return nil }
    return EventSpec.Shock(
      quantity: quantity, zones: told, span: span.range, factor: factor, movesWithClock: span.moves)
  }

  private func factor(_ cell: Cell?) -> Double? {
    if let share = percentage(cell), (0...1000).contains(share) { return share }
    let factor = reader.number(cell, expected: EventDecoding.factorText) { (0...1000).contains($0) }
    if let cell, let factor, factor >= 10 {
      let text = cell.tree.summary
      reader.remark(cell, "\(text) makes it \(text) times as much (\(text)% is \(Reader.plain(factor / 100)) times)")
    }
    return factor
  }

  /// `50%` as 0.5.
  private func percentage(_ cell: Cell?) -> Double? {
    guard case .scalar(let text, _)? = cell?.tree.content, text.last == "%" else { return nil }
    let digits = text.dropLast().last == " " ? text.dropLast(2) : text.dropLast()
    return Double(digits).map { $0 / 100 }
  }

  /// A number, a percentage, or `{factor: 0.5}`.
  private func amount(_ cell: Cell?) -> EventSpec.Amount? {
    guard let cell else { return nil }
    if case .mapping = cell.tree.content {
      let fields = reader.fields(cell, allowed: ["factor"])
      return factor(fields?.required("factor", EventDecoding.factorText)).map { .factor($0) }
    }
    if let share = percentage(cell), (0...1000).contains(share) { return .factor(share) }
    let amount = reader.number(cell, expected: "a number from 0 to 1e12, a percentage such as 50%, or {factor: 0.5}") {
      (0...1e12).contains($0)
    }
    if let amount, amount > 0, amount < 1 {
      let key = cell.path.split(separator: ".").last ?? ""
      let unit = key == "gpus" ? "of one GPU" : key == "cpu_cores" ? "of one core" : "of one GB"
      let percentage = Reader.plain(amount * 100)
      reader.remark(cell, "\(cell.tree.summary) is a part \(unit) (\(percentage)% is a part of what the zone has)")
    }
    return amount.map { .absolute(Int64(($0 * 1000).rounded())) }
  }

  /// One zone or a list of zones, each by its code, name, region or an alias.
  private func zones(_ cell: Cell?) -> [ZoneIndex]? {
    guard let cell else { return nil }
    var items = [cell]
    if case .sequence = cell.tree.content { items = reader.items(cell, expected: "zones' codes") ?? [] }
    let found = items.map { item -> ZoneIndex? in
      guard let text = reader.text(item, expected: "a zone's code") else { return nil }
      return zone(text, item)
    }
    return found.contains(nil) ? nil : found.compactMap { $0 }
  }

  private func zone(_ text: String, _ item: Cell) -> ZoneIndex? {
    let codes = zones.map(\.code)
    if let place = codes.firstIndex(of: text) { return place }
    // Zones that cannot be read have been reported.
    guard !codes.isEmpty else { return nil }
    let folded = text.lowercased()
    let places = zones.indices.filter { place in
      let zone = zones[place]
      return ([zone.code, zone.name, zone.region] + zone.aliases).contains { $0.lowercased() == folded }
    }
    if places.count == 1 { return places[0] }
    if places.count > 1 {
      let found = "\(text), which matches \(places.map { codes[$0] }.joined(separator: " and "))"
      reader.refuse(item, expected: "one zone's code, or a list of codes", found: found)
      return nil
    }
    let names = codes + zones.flatMap { [$0.name, $0.region] }
    reader.refuse(
      item, expected: "a zone's code, name or region, one of \(codes.joined(separator: ", "))",
      suggestion: nearest(to: text, among: names))
    return nil
  }
}
