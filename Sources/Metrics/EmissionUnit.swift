/// The unit in which tables, pages and charts show emissions: the one whose numbers are easiest to read. Result files
/// always have kg.
public enum EmissionUnit {
  case grams, kilograms, tonnes

  /// The unit for numbers that stand beside each other, by the largest of them.
  ///
  /// - Parameter kilograms: the numbers; those without a value do not count.
  public init(fitting kilograms: [Double?]) {
    let largest = kilograms.compactMap { $0?.magnitude }.max() ?? 0
    self = largest > 0 && largest < 0.1 ? .grams : largest >= 10_000 ? .tonnes : .kilograms
  }

  /// `g`, `kg` or `t`.
  public var name: String {
    switch self {
    case .grams: "g"
    case .kilograms: "kg"
    case .tonnes: "t"
    }
  }

  /// Factor from kilograms to this unit.
  public var factor: Double {
    switch self {
    case .grams: 1000
    case .kilograms: 1
    case .tonnes: 0.001
    }
  }

  /// A metric's name with this unit in place of `kg`, `carbon_t`; others stay as they are.
  public func title(of metric: String) -> String {
    metric.hasSuffix("_kg") ? String(metric.dropLast(2)) + name : metric
  }

  /// The units of several metrics' numbers: that of emissions by size, other metrics as they are.
  public static func units(_ lines: [(metric: String, values: [Double?])]) -> [String: EmissionUnit] {
    var values: [String: [Double?]] = [:]
    for line in lines where line.metric.hasSuffix("_kg") { values[line.metric, default: []] += line.values }
    return values.mapValues { EmissionUnit(fitting: $0) }
  }
}
