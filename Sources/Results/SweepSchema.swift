/// Additions of a sweep's `results.sqlite` to that of a run: `points`, `runs.point`, and a view with one column per
/// setting.
struct SweepSchema {
  /// The columns of `points` after the first, a key each.
  let columns: [String]

  /// SQLite takes 2000 columns at most; a list may have more keys.
  private static let mostColumns = 1000

  /// True if each key has a column.
  let hasColumns: Bool

  init(keys: [String]) {
    hasColumns = keys.count <= SweepSchema.mostColumns
    var taken: Set<String> = ["point"]
    columns =
      !hasColumns
      ? []
      : keys.map { key in
        // Names of columns are the same in capitals.
        var name = key
        while !taken.insert(name.lowercased()).inserted { name += " (other case)" }
        return name
      }
  }

  static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

  /// Made after the tables of a run and before any row.
  var tables: String {
    let own = columns.map { ", \(SweepSchema.quoted($0))" }.joined()
    return """
      CREATE TABLE points (point INTEGER PRIMARY KEY\(own));
      CREATE TABLE point_settings (
        point INTEGER NOT NULL REFERENCES points (point), key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (point, key)) WITHOUT ROWID;
      ALTER TABLE runs ADD COLUMN point INTEGER REFERENCES points (point);
      """
  }

  /// `metrics_wide` with the point and its settings before the metrics.
  func wideView(_ metrics: [String]) -> String {
    let settings = columns.map { ", points.\(SweepSchema.quoted($0))" }.joined()
    let figures = metrics.map { "max(CASE metric WHEN '\($0)' THEN value END) AS \($0)" }.joined(separator: ",\n  ")
    return """
      CREATE VIEW metrics_wide AS SELECT run_id, point\(settings), policy, label, replication,
        \(figures)
      FROM runs JOIN points USING (point) JOIN run_metrics USING (run_id) GROUP BY run_id
      """
  }

  /// The number that a setting's text is, else the text.
  static func value(_ text: String) -> SweepValue {
    if let whole = Int64(text) { return .whole(whole) }
    if let number = Double(text), number.isFinite, text.first?.isLetter == false { return .number(number) }
    return .text(text)
  }
}

enum SweepValue {
  case whole(Int64)
  case number(Double)
  case text(String)
}
