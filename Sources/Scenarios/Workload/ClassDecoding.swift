import Domain
import Randomness

/// Reads an item of `workload.classes`.
struct ClassDecoding {
  static let keys = [
    "name", "weight", "type", "urgency", "duration", "estimate", "cpu_cores", "gpus", "memory_gb_per_core",
    "memory_gb", "energy", "deferral_window", "deadline", "caps", "home",
  ]

  private let reader: Reader
  private let laws: DistributionDecoding
  private let homes: HomeDecoding
  private let commonHome: HomeModel

  /// - Parameter home: of classes that have none of their own.
  init(_ workload: WorkloadDecoding, home: HomeModel) {
    reader = workload.reader
    laws = DistributionDecoding(reader: reader, directory: workload.directory)
    homes = HomeDecoding(workload)
    commonHome = home
  }

  func workloadClass(_ cell: Cell) -> WorkloadClass? {
    guard let fields = reader.fields(cell, allowed: ClassDecoding.keys) else { return nil }
    let name = reader.text(fields.required("name", "a name"), expected: "a name")
    let weight =
      reader.number(fields.optional("weight", else: "1"), expected: "a number from 0 to 1e12") { 0...1e12 ~= $0 } ?? 1
    let type =
      reader.named(fields.optional("type", else: "OTHER"), WorkloadType.allCases.map { ($0.name, $0) }) ?? .other
    let duration = fields.required("duration", "a distribution of time spans").flatMap {
      short($0, positive($0, laws.distribution($0, unit: .seconds)))
    }
    let estimateCell = fields.optional("estimate", else: "1")
    let estimate = positive(estimateCell, laws.distribution(estimateCell))
    let cores = size(fields.optional("cpu_cores", else: "1"))
    let gpus = size(fields.optional("gpus", else: "0"))
    let memory = memory(fields)
    let urgency = urgency(fields.optional("urgency", else: "MEDIUM"))
    let energy = energy(fields.optional("energy", else: "hardware"))
    let deferral = deferral(fields.optional("deferral_window", else: "by_urgency"))
    let deadline = deadline(fields.optional("deadline", else: "by_urgency"))
    let caps = caps(fields.optional("caps"))
    let home = fields.optional("home").map { homes.home($0) } ?? commonHome
    guard let name, let duration, let estimate, let cores, let gpus, let memory else { return nil }
    var made = WorkloadClass(
      name: name, weight: weight, type: type, duration: duration, estimateRatio: estimate, cores: cores, gpus: gpus,
      memory: memory)
    made.urgency = urgency
    made.energy = energy
    made.deferral = deferral
    made.deadline = deadline
    made.caps = caps
    made.home = home
    return made
  }

  private func positive(_ cell: Cell, _ law: Distribution?) -> Distribution? {
    guard let law else { return nil }
    if law.mean > 0 { return law }
    reader.refuse(cell, expected: "a mean > 0", found: "\(law.mean)")
    return nil
  }

  /// A law whose mean is infinite has values all the same.
  private func short(_ cell: Cell, _ law: Distribution?) -> Distribution? {
    guard let law, law.mean.isFinite, law.mean * 1000 > TimeSpan.longest else { return law }
    reader.refuse(cell, expected: "a mean of at most a thousand years", found: "\(law.mean) seconds")
    return nil
  }

  private func size(_ cell: Cell) -> SizeModel? {
    let rounding = cell.tree.value("round").map { Cell(tree: $0, path: "\(cell.path).round") }
    let rule = reader.choice(rounding, of: SizeModel.Rounding.self) ?? .up
    return laws.distribution(cell, extra: ["round"]).map { SizeModel($0, rounding: rule) }
  }

  private func memory(_ fields: Fields) -> MemoryModel? {
    let total = fields.optional("memory_gb")
    let perCore = fields.optional("memory_gb_per_core")
    if let total, perCore != nil {
      reader.refuse(total, expected: "either memory_gb or memory_gb_per_core", found: "both")
      return nil
    }
    if let total { return laws.distribution(total).map { .total($0) } }
    if let perCore { return laws.distribution(perCore).map { .perCore($0) } }
    return laws.distribution(fields.optional("memory_gb_per_core", else: "4")).map { .perCore($0) }
  }

  private func urgency(_ cell: Cell?) -> [Double] {
    let names = Urgency.allCases.map(\.name)
    let usual: [Double] = [0, 1, 0, 0]
    guard let cell else { return usual }
    guard case .mapping(let entries) = cell.tree.content else {
      let one = reader.named(cell, Urgency.allCases.map { ($0.name, $0) })
      return one.map { one in Urgency.allCases.map { $0 == one ? 1 : 0 } } ?? usual
    }
    var weights = [Double](repeating: 0, count: 4)
    for entry in entries {
      let value = Cell(tree: entry.value, path: "\(cell.path).\(entry.key)")
      guard let place = names.firstIndex(of: entry.key.uppercased()) else {
        reader.refuse(
          value, expected: "one of \(names.joined(separator: ", "))", found: entry.key,
          suggestion: nearest(to: entry.key, among: names))
        return usual
      }
      weights[place] = reader.number(value, expected: "a weight ≥ 0") { $0 >= 0 } ?? 1
    }
    if weights.allSatisfy({ $0 == 0 }) {
      reader.refuse(cell, expected: "a weight > 0", found: "none")
      return usual
    }
    return weights
  }

  private func energy(_ cell: Cell?) -> EnergyModel {
    guard let cell else { return .hardware }
    if case .scalar("hardware", _) = cell.tree.content { return .hardware }
    let names = ["base_kwh", "per_core_kwh", "per_core_hour_kwh", "per_gpu_hour_kwh", "per_gb_hour_kwh"]
    let fields = reader.fields(cell, allowed: names + ["spread"], expected: "hardware or a mapping of kWh")
    guard let fields else { return .hardware }
    let values = names.map {
      reader.number(fields.optional($0, else: "0"), expected: "kWh from 0 to 1e12") { 0...1e12 ~= $0 } ?? 0
    }
    let spread = reader.number(fields.optional("spread", else: "0"), expected: "a number from 0 to below 1") {
      0..<1 ~= $0
    }
    if values.allSatisfy({ $0 == 0 }) {
      reader.refuse(cell, expected: "one of \(names.joined(separator: ", ")) above 0", found: "none")
    }
    return .terms(
      EnergyTerms(
        base: values[0], perCore: values[1], perCoreHour: values[2], perGPUHour: values[3], perGigabyteHour: values[4],
        spread: spread ?? 0))
  }

  private func deferral(_ cell: Cell?) -> DeferralRule {
    guard let cell else { return .byUrgency }
    switch cell.tree.content {
    case .scalar("by_urgency", _): return .byUrgency
    case .scalar("none", _), .scalar("0", _): return .span(.zero)
    case .scalar(let text, _):
      if let span = TimeSpan(scenarioText: text), span >= .zero { return .span(span) }
    default: break
    }
    reader.refuse(cell, expected: "by_urgency, none or a time span such as 2h")
    return .byUrgency
  }

  private func deadline(_ cell: Cell?) -> DeadlineRule {
    guard let cell else { return .byUrgency }
    switch cell.tree.content {
    case .scalar("by_urgency", _): return .byUrgency
    case .scalar("none", _): return .none
    case .scalar(let text, _):
      if let span = TimeSpan(scenarioText: text), span > .zero { return .span(span) }
    case .mapping:
      let fields = reader.fields(cell, allowed: ["slack"])
      let expected = "a multiple of the estimated duration, from 1 to 1000"
      let slack = reader.number(fields?.required("slack", expected), expected: expected) { 1...1000 ~= $0 }
      return slack.map { .slack($0) } ?? .byUrgency
    default: break
    }
    reader.refuse(cell, expected: "by_urgency, none, a time span such as 6h, or {slack: 2}")
    return .byUrgency
  }

  private func caps(_ cell: Cell?) -> CapModel {
    let allowed = ["emissions", "intensity_gco2_kwh", "cost", "reference_gco2_kwh", "reference_gbp_kwh"]
    guard let fields = reader.fields(cell, allowed: allowed) else { return CapModel() }
    let value = { (key: String, expected: String) in
      reader.number(fields.optional(key), expected: expected) { $0 > 0 }
    }
    let usual = CapModel()
    let references = [
      ("reference_gco2_kwh", usual.referenceIntensity.value), ("reference_gbp_kwh", usual.referencePrice.value),
    ]
    for (key, value) in references { _ = fields.optional(key, else: value) }
    return CapModel(
      emissions: value("emissions", "a multiple of the expected emissions, > 0") ?? .infinity,
      intensity: CarbonIntensity(value("intensity_gco2_kwh", "gCO2/kWh > 0") ?? .infinity),
      cost: value("cost", "a multiple of the expected cost, > 0") ?? .infinity,
      referenceIntensity: value("reference_gco2_kwh", "gCO2/kWh > 0").map { CarbonIntensity($0) }
        ?? usual.referenceIntensity,
      referencePrice: value("reference_gbp_kwh", "GBP/kWh > 0").map { EnergyPrice($0) } ?? usual.referencePrice)
  }
}

extension Reader {
  /// One of the platform's names, in any case.
  func named<Value>(_ cell: Cell?, _ names: [(name: String, value: Value)]) -> Value? {
    guard let cell else { return nil }
    let expected = "one of \(names.map(\.name).joined(separator: ", "))"
    guard let text = text(cell, expected: expected) else { return nil }
    let folded = text.uppercased().replacing("-", with: "_")
    if let found = names.first(where: { $0.name == folded }) { return found.value }
    refuse(cell, expected: expected, suggestion: nearest(to: text, among: names.map(\.name)))
    return nil
  }
}
