public import Domain
internal import GRDB

/// The tables of a sweep's results: `sweep.csv`, a line a run, and `results.sqlite`, as a run's without its jobs.
///
/// They are the same bytes for the same units, however these came about.
public final class SweepTables {
  private let folder: ResultFolder
  private let database: ResultDatabase
  private let csv: OutputFile
  private let text = TextBuffer()
  private let keys: [String]
  private var settings: [String?] = []

  /// - Parameters:
  ///   - zones: those of all points, each id once.
  ///   - keys: what the points set.
  ///   - metrics: names of figures.
  /// - Throws: ``StoreError``.
  public init(folder: ResultFolder, zones: [Zone], keys: [String], metrics: [String]) throws {
    self.folder = folder
    self.keys = keys
    database = try ResultDatabase(
      path: folder.place(for: "results.sqlite"), zones: zones, conditions: zones.map { _ in (nil, nil) }, users: [],
      sweep: SweepSchema(keys: keys))
    csv = try OutputFile(path: folder.place(for: "sweep.csv"))
    let head = ["point"] + keys + ["policy", "label", "replication", "placement_signature"]
    text.append(line: (head + metrics).map { .text($0) })
  }

  /// Records what is asked of every policy.
  public func add(_ requirements: [Requirement]) throws { try database.insert(requirements) }

  /// Begins a point; its runs follow.
  ///
  /// - Parameter settings: a text for each key, `nil` where the point does not set it.
  public func begin(point: Int, settings: [String?]) throws {
    precondition(settings.count == keys.count, "not a setting a key")
    self.settings = settings
    try database.begin(point: point, keys: keys, settings: settings)
  }

  /// Takes the runs of a unit.
  public func add(_ runs: [RunRow]) throws {
    guard let point = database.point else { preconditionFailure("runs before their point") }
    try database.insert(runs, hasWorkloads: false)
    for run in runs {
      text.append(
        line: [.whole(point)] + settings.map { SweepTables.cell($0 ?? "") }
          + [.text(run.policy), .text(run.label), .whole(run.replication), .text(run.placementSignature)]
          + run.metrics.map { .number($0.value) })
    }
    if text.count > 1 << 16 { try csv.write(text) }
  }

  /// Completes the files; they get their names with the folder's.
  public func finish() throws {
    try csv.write(text)
    try database.finish(hasDecisions: false)
  }

  /// A number stays one, with the digits that the scenario has; a text is guarded.
  private static func cell(_ text: String) -> CSVCell {
    if case .text = SweepSchema.value(text) { return .text(text) }
    return .digits(text)
  }
}
