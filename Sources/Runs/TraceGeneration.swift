internal import Domain
internal import Inputs
internal import Results

/// `pylon trace generate`: writes a synthetic grid as wide CSV files.
public enum TraceGeneration {
  /// The models that can be drawn.
  public static var models: [String] { SyntheticGrid.names }

  /// Draws a grid from the half hour that holds at `start` on and writes carbon, and price where a path is given.
  ///
  /// A run's synthetic grid begins eight days before its clock; from that start on, with the run's seed and the number
  /// of its replication, the same values are written here.
  ///
  /// - Parameters:
  ///   - start: ISO 8601 or epoch seconds.
  ///   - duration: a span such as `7d`.
  /// - Returns: what was written, for people.
  /// - Throws: ``BadInput``, ``OutputError``.
  public static func write(
    model: String, start: String, duration: String, seed: UInt64, replication: Int, carbon: String, price: String?
  ) throws -> String {
    guard models.contains(model) else {
      throw BadInput(description: "--synthetic: found \(model), expected \(models.joined(separator: ", "))")
    }
    guard let from = Instant(text: start) else {
      throw BadInput(description: "--start: found \(start), expected an instant such as 2025-01-06T00:00:00Z")
    }
    guard let span = span(duration) else {
      throw BadInput(
        description: "--duration: found \(duration), expected a time span > 0 and up to 100 years, such as 7d or 48h")
    }
    guard replication >= 1 else {
      throw BadInput(description: "--replication: found \(replication), expected a whole number from 1")
    }
    guard from >= Instant.calendar.lowerBound, from + span <= Instant.calendar.upperBound else {
      throw BadInput(description: "--start, --duration: found \(start), \(duration), expected the years 0 to 9999")
    }
    if let price, FileIdentity.willBeSame(price, carbon) {
      throw BadInput(description: "--price: found \(price), which is also --out, expected another file")
    }
    let grid = SyntheticGrid(seed: seed, replication: replication, start: from, end: from + span)
    do {
      try WideTraceFile.write(path: carbon, grid, .carbon)
      if let price { try WideTraceFile.write(path: price, grid, .price) }
    } catch let error as StoreError {
      throw OutputError(description: error.description)
    }
    let files = price.map { "\(carbon) and \($0)" } ?? carbon
    return "written: \(files), \(grid.stepCount) half hours from \(grid.start.iso8601) to \(grid.end.iso8601)"
  }

  private static func span(_ text: String) -> TimeSpan? {
    let units: [(Character, Double)] = [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]
    let unit = units.first { $0.0 == text.last }
    guard let number = Double(unit == nil ? text[...] : text.dropLast()) else { return nil }
    let seconds = number * (unit?.1 ?? 1)
    guard seconds > 0, seconds <= 36_525 * 86_400 else { return nil }
    return TimeSpan(milliseconds: Int64((seconds * 1000).rounded()))
  }
}

extension WideTraceFile {
  static func write(path: String, _ grid: SyntheticGrid, _ quantity: GridQuantity) throws {
    let columns = SyntheticGrid.codes.indices.map { grid.values(quantity, row: $0) }
    try write(path: path, names: SyntheticGrid.codes, start: grid.start, step: SyntheticGrid.step, columns: columns)
  }
}
