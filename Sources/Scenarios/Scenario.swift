public import Domain
public import Policies

/// A complete simulation experiment, read from a YAML file and checked.
public struct Scenario: Sendable {
  /// Names the directories of the results.
  public var name: String
  public var seed: UInt64
  public var start: Instant
  public var duration: TimeSpan
  public var zones: [Zone]
  public var grid: GridSpec
  public var workload: WorkloadSpec
  /// The policies to run, in the order written.
  public var policies: [PolicySpec]
  /// The policy that savings are counted against.
  public var baseline: String
  public var replications: Int
  /// Clock starts of the replications; `nil` if all start at ``start``.
  public var windows: WindowSpec?
  /// By how much the clock has been moved to a window, see ``window(_:)``.
  public internal(set) var moved = TimeSpan.zero
  /// The rule by which replications continue until an interval is narrow enough; `nil` if their number is fixed.
  public var until: StoppingSpec?
  /// The part at the beginning that metrics leave out.
  public var warmUp = WarmUpSpec.none
  /// Conditions that `pylon check` verifies.
  public var checks: [CheckSpec] = []
  /// Bounds that every policy is required to keep.
  public var requirements = [Requirement.standard]
  /// Points that `pylon sweep` runs; a plain run ignores them.
  public var sweep: SweepSpec?
  /// True if jobs still running at the end are run to completion.
  public var drain: Bool
  public var caps: CapMode
  /// Which jobs a policy may interrupt.
  public var interruption: InterruptionRules
  /// Outages, capacity changes, surges and shocks during the run.
  public var events = EventSpec()
  /// Values that are legal but unlikely to be meant, for people, each with its key.
  public var remarks: [String] = []
  public var outputs: OutputSpec
  /// The currency of every price and cost.
  public var currency = Currency.gbp
  /// The files that a run reads, resolved as the scenario's other paths are.
  public var files: [String] = []
  /// Place in the scenario that names each of ``files`` first.
  public var filePlaces: [String: FilePlace] = [:]
  /// The file that it was read from; `nil` where it was not read from any.
  public var source: ScenarioSource?

  public init(
    name: String, seed: UInt64, start: Instant, duration: TimeSpan, zones: [Zone], grid: GridSpec,
    workload: WorkloadSpec, policies: [PolicySpec], baseline: String = "standard", replications: Int = 1,
    drain: Bool = true, caps: CapMode = .soft, interruption: InterruptionRules = .never,
    outputs: OutputSpec = OutputSpec()
  ) {
    self.name = name
    self.seed = seed
    self.start = start
    self.duration = duration
    self.zones = zones
    self.grid = grid
    self.workload = workload
    self.policies = policies
    self.baseline = baseline
    self.replications = replications
    self.drain = drain
    self.caps = caps
    self.interruption = interruption
    self.outputs = outputs
  }

  public var replicationsAtMost: Int { until?.most ?? replications }
}

/// The place in a scenario that names an input file.
public struct FilePlace: Hashable, Sendable, CustomStringConvertible {
  /// The scenario's path as it was given, or `--set key=value`.
  public var file: String
  /// From 1; 0 for a value that an override wrote.
  public var line: Int
  /// The key's path, such as `grid.carbon.file`.
  public var key: String

  /// `scenario.yaml:7: grid.carbon.file`
  public var description: String { (line > 0 ? "\(file):\(line): " : "\(file): ") + key }
}

/// The file, its text and the options that a scenario was made from.
public struct ScenarioSource: Sendable {
  /// The file's own name, without its folder.
  public var file: String
  /// Text of the file.
  public var text: String
  /// Options of the command line that changed it, in order: `--set`, `key.path=value`.
  public var options: [(name: String, value: String)]

  public init(file: String, text: String, options: [(name: String, value: String)]) {
    self.file = file
    self.text = text
    self.options = options
  }
}

/// Carbon, price and what is known of their future.
public struct GridSpec: Hashable, Sendable {
  public var carbon: TraceSource
  public var price: TraceSource
  public var forecast: ForecastSpec
  /// True if each replication draws a synthetic grid of its own; otherwise all use that of the first.
  public var varies: Bool

  public init(carbon: TraceSource, price: TraceSource, forecast: ForecastSpec, varies: Bool = true) {
    self.carbon = carbon
    self.price = price
    self.forecast = forecast
    self.varies = varies
  }
}

/// The source of a trace.
public enum TraceSource: Hashable, Sendable {
  /// A file; its path is absolute or already resolved against the scenario's directory.
  case file(path: String, extend: TraceExtension, gaps: GapRule, clip: Bool, reading: TraceReading = TraceReading())
  /// A file for each zone, in the order of the zones; all are read in the same way.
  case zoneFiles(
    paths: [String], extend: TraceExtension, gaps: GapRule, clip: Bool, reading: TraceReading = TraceReading())
  /// One value for all zones at all times.
  case constant(Double)
  /// A model by its name, drawn for the clock and then some; carbon and price of one model are drawn together.
  case synthetic(String)

  public var isSynthetic: Bool { if case .synthetic = self { true } else { false } }
  /// True if the trace is read from one file or from several.
  public var isFile: Bool {
    switch self {
    case .file, .zoneFiles: true
    case .constant, .synthetic: false
    }
  }
}

/// Settings of the forecasts that policies see.
public struct ForecastSpec: Hashable, Sendable {
  public var model: ForecastModel
  public var horizon: TimeSpan
  /// The time from an issue to the next, from the clock's start on; `nil`: at each stamp of a trace.
  public var update: TimeSpan?
  /// Factor by which the errors of `noisy` are multiplied.
  public var error: Double
  /// The model for the price: that of carbon, or `persistence` where that is `recorded`.
  public var price: ForecastModel
  /// Trace file that `recorded` reads, with a forecast column or vintages; `nil`: the carbon file.
  public var file: String?
  /// How the table of `file` is to be read.
  public var mapping: TableMapping

  public init(
    model: ForecastModel, horizon: TimeSpan, update: TimeSpan? = nil, error: Double = 1, price: ForecastModel? = nil,
    file: String? = nil, mapping: TableMapping = TableMapping()
  ) {
    self.model = model
    self.horizon = horizon
    self.update = update
    self.error = error
    self.price = price ?? (model == .recorded ? .persistence : model)
    self.file = file
    self.mapping = mapping
  }
}

/// A policy by name with its parameters as written.
public struct PolicySpec: Hashable, Sendable {
  public var name: String
  /// Checked against the policy's catalogue entry; files are resolved against the scenario's directory.
  public var parameters: PolicyParameters
  /// Tells this variant of the policy from others; `nil`: its name does.
  public var label: String?

  public init(name: String, parameters: PolicyParameters = PolicyParameters(), label: String? = nil) {
    self.name = name
    self.parameters = parameters
    self.label = label
  }

  /// True if a text names this policy, by its label or by its name.
  public func answers(to text: String) -> Bool { label == text || name == text }
}

/// The rule for a job whose prediction exceeds a cap: it may start (`soft`) or not (`hard`).
public enum CapMode: String, Hashable, Sendable, CaseIterable {
  case soft, hard
}

/// How much is written.
public struct OutputSpec: Hashable, Sendable {
  public enum Amount: String, Hashable, Sendable, CaseIterable {
    case all, none
  }

  /// When something is looked at.
  public enum Times: Hashable, Sendable {
    /// The times that the program considers best.
    case standard
    case none
    case at([Instant])
    case every(TimeSpan)
  }

  public var workloads: Amount
  public var maps: Times
  /// Rows of `zone_samples`.
  public var samples: Times
  public var charts: Charts
  /// Decisions of policies, with the candidates and predictions behind them.
  public var decisions: Amount
  /// Theme of maps and charts.
  public var theme: ThemeName
  /// The path of a GeoJSON file that maps are drawn on; `nil`: Great Britain.
  public var outline: String?

  public init(
    workloads: Amount = .all, maps: Times = .standard, samples: Times = .standard, charts: Charts = .standard,
    decisions: Amount = .none, theme: ThemeName = .light, outline: String? = nil
  ) {
    self.decisions = decisions
    self.workloads = workloads
    self.maps = maps
    self.samples = samples
    self.charts = charts
    self.theme = theme
    self.outline = outline
  }

  /// Which charts are drawn.
  public enum Charts: Hashable, Sendable {
    /// All that the result has something for.
    case standard
    /// None, nor is kept what they would need.
    case none
    case named([ChartName])
  }
}
