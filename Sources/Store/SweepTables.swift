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
    text.append("point,")
    for key in keys {
      text.append(SweepTables.cell(key))
      text.append(byte: 44)
    }
    text.append("policy,replication,placement_signature," + metrics.joined(separator: ",") + "\n")
  }

  /// Begins a point; its runs follow.
  ///
  /// - Parameter settings: a text for each key, `nil` where the point does not set it.
  public func begin(point: Int, settings: [String?]) throws {
    precondition(settings.count == keys.count, "not a setting a key")
    self.settings = settings
    try database.begin(point: point, keys: keys, settings: settings)
  }

  /// Takes the runs of a unit.
  ///
  /// - Parameter labels: what tells the policies apart.
  public func add(_ runs: [RunRow], labels: [String]) throws {
    guard let point = database.point else { preconditionFailure("runs before their point") }
    try database.insert(runs, hasWorkloads: false)
    for (label, run) in zip(labels, runs) {
      text.append(point)
      text.append(byte: 44)
      for setting in settings {
        text.append(SweepTables.cell(setting ?? ""))
        text.append(byte: 44)
      }
      text.append("\(SweepTables.cell(label)),\(run.replication),\(run.placementSignature)")
      for metric in run.metrics { text.append(afterComma: metric.value) }
      text.append(byte: 10)
    }
    if text.count > 1 << 16 { try csv.write(text) }
  }

  /// Completes the files; they get their names with the folder's.
  public func finish() throws {
    try csv.write(text)
    try database.finish(hasDecisions: false)
  }

  /// As RFC 4180 quotes it.
  private static func cell(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
