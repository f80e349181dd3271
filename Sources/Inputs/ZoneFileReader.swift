public import Domain

extension TraceReader {
  /// Text reported as expected of a file that has several series when all zones get the same one.
  static let singleSeries =
    "a single series, for all zones (all_zones: true); without all_zones each zone gets its own column, and files: gives "
    + "each zone a file of its own"

  /// Reads the trace of one zone from a file of its own.
  ///
  /// The file has a single series, under any name but that of another zone; `reading.scope` picks one of several. The
  /// table has one column.
  ///
  /// - Parameters:
  ///   - zone: the zone that the file is for.
  ///   - zones: all zones of the scenario.
  /// - Throws: ``InputError`` with all faults of the file.
  public static func readOwn(
    path: String, kind: TraceKind, zone: ZoneIndex, of zones: [Zone], gaps: GapRule = .error, clip: Bool = false,
    reading: TraceReading = TraceReading()
  ) throws -> TraceTable {
    if case .series = reading.scope {
      return try read(path: path, kind: kind, zones: [zones[zone]], gaps: gaps, clip: clip, reading: reading)
    }
    var reading = reading
    reading.scope = .everywhere
    let all: NamedTraces
    do { all = try readAll(path: path, kind: kind, gaps: gaps, clip: clip, reading: reading) } catch var error
      as InputError
    {
      for index in error.issues.indices where error.issues[index].expected == singleSeries {
        error.issues[index].expected = "a single series, or zone with the name of one"
      }
      throw error
    }
    let own = zones[zone]
    if let name = all.names.first, !names(of: own).contains(name),
      let other = zones.first(where: { names(of: $0).contains(name) })
    {
      let issue = InputIssue(
        file: path, line: 0, key: own.code,
        found: "the series of another zone, \(name)"
          + (name == other.code ? "" : " (\(other.code))"),
        expected: "that of \(own.code)")
      throw InputError(issues: [issue], more: 0)
    }
    return all.table
  }

  /// Ids are left out: a file may count its series otherwise than the scenario its zones. Strings are compared in
  /// Unicode's canonical form.
  private static func names(of zone: Zone) -> [String] { [zone.code, zone.name] + zone.aliases }
}
