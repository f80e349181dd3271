import Domain
import Foundation

/// Reads `events:`.
struct EventDecoding {
  let reader: Reader
  let zones: [Zone]
  let clock: (start: Instant, duration: TimeSpan)?
  /// Tests whether an instant is within the clock of some replication; `nil` if all replications have one clock.
  var isWithinAWindow: ((Instant) -> Bool)?
  let workload: WorkloadSpec?
  /// Time zone of weekdays and times of day.
  var timeZone = TimeZone.gmt
  /// Clock starts of the replications; `nil` if all have one clock.
  var windows: WindowSpec?

  private static let kinds = ["outage", "capacity", "surge", "carbon", "price"]
  private static let times = ["at", "from", "until", "duration"]
  private static let zoneText = "a zone's code, a list of codes, or all"

  /// Words that are used for the kinds of events, and for their keys.
  private static let otherKinds = [
    "blackout": "outage", "failure": "outage", "shutdown": "outage", "downtime": "outage", "maintenance": "outage",
    "spike": "surge", "peak": "surge", "burst": "surge", "demand": "surge", "tariff": "price",
  ]
  private static let otherKeys = [
    "for": "duration", "lasts": "duration", "to": "until", "end": "until", "start": "from", "begin": "from",
    "site": "zone", "region": "zone",
  ]
  private static let otherRules = [
    "kill": "fail", "abort": "fail", "cancel": "fail", "stop": "fail", "pause": "suspend", "drain": "finish",
    "complete": "finish", "continue": "finish",
  ]

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
    guard
      let fields = reader.fields(
        cell, allowed: EventDecoding.kinds, expected: expected, instead: EventDecoding.otherKinds)
    else { return }
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

  private func fields(_ cell: Cell?, _ allowed: [String]) -> Fields? {
    reader.fields(cell, allowed: allowed, instead: EventDecoding.otherKeys)
  }

  private func outage(_ cell: Cell?) -> EventSpec.Outage? {
    guard let fields = fields(cell, ["zone"] + EventDecoding.times + ["running"]) else { return nil }
    let zones = zones(fields.required("zone", EventDecoding.zoneText))
    let span = span(fields, mayLast: true)
    let running =
      reader.choice(
        fields.optional("running", else: "fail"), of: OutageRule.self, instead: EventDecoding.otherRules) ?? .fail
    guard let zones, let span else { return nil }
    return EventSpec.Outage(zones: zones, span: span.range, running: running, movesWithClock: span.moves)
  }

  private func capacity(_ cell: Cell?) -> EventSpec.Capacity? {
    let allowed = ["zone"] + EventDecoding.times + ["cpu_cores", "memory_gb", "gpus", "factor"]
    guard let cell, let fields = fields(cell, allowed) else { return nil }
    let zones = fields.optional("zone").map { self.zones($0) } ?? Array(zones.indices)
    let span = span(fields, mayLast: true)
    let common = factor(fields.optional("factor")).map { EventSpec.Amount.factor($0) }
    let keys = ["cpu_cores", "memory_gb", "gpus"]
    let amounts = keys.map { amount(fields.optional($0), of: $0, in: zones ?? []) ?? common }
    // An amount that cannot be read, and an unknown key, have been reported.
    if (keys + ["factor"]).allSatisfy({ fields.optional($0) == nil }), !fields.hasUnknownKey {
      reader.refuse(cell, expected: "cpu_cores, memory_gb, gpus or factor", found: "none of them")
    }
    guard let zones, let span else { return nil }
    remarkRaise(amounts, in: zones, cell)
    return EventSpec.Capacity(
      zones: zones, span: span.range, cores: amounts[0], memory: amounts[1], gpus: amounts[2],
      movesWithClock: span.moves)
  }

  private func surge(_ cell: Cell?) -> EventSpec.Surge? {
    let allowed = EventDecoding.times + ["factor", "classes"]
    guard let cell, let fields = fields(cell, allowed) else { return nil }
    let span = span(fields, mayLast: false)
    let factor = factor(fields.required("factor", EventDecoding.factorText), mayBeRise: true)
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
    guard let fields = fields(cell, ["zone"] + EventDecoding.times + ["factor"]) else { return nil }
    let told = fields.optional("zone").map { self.zones($0) } ?? Array(zones.indices)
    let span = span(fields, mayLast: true)
    let factor = factor(fields.required("factor", EventDecoding.factorText), mayBeRise: true)
    guard let told, let span, let factor else { return nil }
    return EventSpec.Shock(
      quantity: quantity, zones: told, span: span.range, factor: factor, movesWithClock: span.moves)
  }
}
