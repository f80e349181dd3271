internal import Domain
internal import GRDB

/// Writes batches of decisions to the database and to `decisions.csv` in one pass.
final class DecisionWriter {
  private let database: ResultDatabase
  private let csv: OutputFile
  private let zoneIDs: [Int]
  private let text = TextBuffer()
  private let instants = TextBuffer()
  /// Path of `decisions.csv` while it is being made.
  let path: String

  static let options = 3
  private static let optionColumns = [
    "zone", "start_at", "score", "terms", "predicted_intensity_gco2_kwh", "predicted_carbon_kg", "predicted_cost_gbp",
  ]
  private static let columns =
    [
      "run_id", "decision", "decided_at", "id", "job_id", "kind", "zone", "start_at", "reason", "ranked_by",
      "candidates", "forecast_issued_at", "score", "terms", "predicted_intensity_gco2_kwh", "predicted_carbon_kg",
      "predicted_cost_gbp",
    ] + (1...options).flatMap { rank in optionColumns.map { "option_\(rank)_\($0)" } }

  init(database: ResultDatabase, path: String, zoneIDs: [Int]) throws {
    self.database = database
    self.path = path
    self.zoneIDs = zoneIDs
    csv = try OutputFile(path: path)
    try database.write { try $0.execute(sql: Schema.decisions) }
    text.append(DecisionWriter.columns.joined(separator: ",") + "\n")
    instants.reserve(96)
  }

  /// - Parameter batch: see ``DecisionReader``.
  func write(run: Int, _ batch: UnsafeBufferPointer<UInt8>) throws {
    try database.write { connection in
      var row = try RowBinder(connection, sql: "INSERT INTO decisions VALUES (\(DecisionWriter.marks(17)))")
      var option = try RowBinder(connection, sql: "INSERT INTO decision_options VALUES (\(DecisionWriter.marks(10)))")
      var reader = DecisionReader(batch)
      while !reader.isAtEnd {
        try write(run: run, &reader, &row, &option)
      }
    }
    try csv.write(text)
  }

  private static func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ",") }

  private func write(run: Int, _ reader: inout DecisionReader, _ row: inout RowBinder, _ option: inout RowBinder) throws
  {
    let head = reader.raw(DecisionHead.self)
    let id = reader.text(head.idLength)
    let rankedBy = reader.text(head.rankedByLength)
    instants.removeAll()
    put(run, &row)
    put(head.number, &row)
    put(Instant(milliseconds: head.at), &row)
    put(head.job, &row)
    put(id, &row)
    try named(DecisionKind(rawValue: head.kind)?.name ?? "", &row) { row throws in
      zone(head.zone, &row)
      put(Instant(milliseconds: head.start), &row)
      try named(Rejection(rawValue: head.rejection)?.text ?? "", &row) { row throws in
        put(rankedBy, &row)
        if head.rankedByLength == 0, !head.hasChosen { none(&row) } else { put(head.candidates, &row) }
        put(Instant(milliseconds: head.issuedAt), &row)
        if head.hasChosen {
          let chosen = reader.raw(OptionHead.self)
          figures(chosen, reader.text(chosen.termsLength), &row)
        } else {
          for _ in 0..<5 { none(&row) }
        }
        try row.endRow()
      }
    }
    for rank in 0..<max(DecisionWriter.options, Int(head.options)) {
      guard rank < Int(head.options) else {
        for _ in DecisionWriter.optionColumns { text.append(byte: 44) }
        continue
      }
      let next = reader.raw(OptionHead.self)
      let terms = reader.text(next.termsLength)
      instants.removeAll()
      option.put(run)
      option.put(head.number)
      option.put(rank + 1)
      zone(next.zone, &option)
      put(Instant(milliseconds: next.start), &option)
      figures(next, terms, &option)
      try option.endRow()
    }
    text.removeLast()
    text.append(byte: 10)
  }

  /// Score, terms and predictions.
  private func figures(_ option: OptionHead, _ terms: UnsafeBufferPointer<UInt8>, _ row: inout RowBinder) {
    put(option.score, &row)
    put(terms, &row)
    put(option.intensity, &row)
    put(option.emissions / 1000, &row)
    put(option.cost, &row)
  }

  private func put(_ number: Int, _ row: inout RowBinder) {
    row.put(number)
    text.append(number)
    text.append(byte: 44)
  }

  private func put(_ number: Double, _ row: inout RowBinder) {
    guard number.isFinite else { return none(&row) }
    row.put(number)
    text.append(number)
    text.append(byte: 44)
  }

  /// Null where it is empty. The bytes must stay until the row's end.
  private func put(_ cell: UnsafeBufferPointer<UInt8>, _ row: inout RowBinder) {
    guard cell.count > 0 else { return none(&row) }
    row.put(cell)
    text.append(cell: cell)
    text.append(byte: 44)
  }

  /// A text that stays while `body` ends the row.
  private func named(_ name: String, _ row: inout RowBinder, _ body: (inout RowBinder) throws -> Void) throws {
    var copy = name
    try copy.withUTF8 { bytes in
      put(bytes, &row)
      try body(&row)
    }
  }

  private func put(_ instant: Instant, _ row: inout RowBinder) {
    // Of a policy that never asked there is no forecast.
    guard instant != .never, instant.milliseconds != .min else { return none(&row) }
    instants.append(instant)
    row.put(UnsafeBufferPointer(start: instants.memory + instants.count - 24, count: 24))
    text.append(instant)
    text.append(byte: 44)
  }

  private func zone(_ zone: Int32, _ row: inout RowBinder) {
    if zone >= 0 { put(zoneIDs[Int(zone)], &row) } else { none(&row) }
  }

  private func none(_ row: inout RowBinder) {
    row.putNull()
    text.append(byte: 44)
  }
}
