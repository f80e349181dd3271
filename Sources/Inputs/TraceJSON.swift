import Domain

/// A sort of JSON that traces come in, recognised by its keys.
protocol JSONTraceFormat: SendableMetatype {
  /// For messages: whose it is, and which answers.
  static var title: String { get }
  /// True if `value:` names a key of the answers.
  static var takesValue: Bool { get }
  /// True if an answer is of this format.
  static func recognises(_ root: JSONNode) -> Bool
  /// Hands every value of some answers, one at least, to the book.
  static func walk(_ answers: [JSONNode], _ reading: TraceReading, _ book: inout SeriesBook)
}

extension JSONTraceFormat {
  static var takesValue: Bool { false }
}

/// Answers of APIs: one, several in a list, or one behind the other in the file.
struct TraceJSON: TraceRows {
  static let formats: [any JSONTraceFormat.Type] = [
    ElectricityMapsJSON.self, WattTimeJSON.self, CarbonAwareJSON.self, OctopusJSON.self, GridStatusJSON.self,
    EnergyChartsJSON.self, IntensityJSON.self,
  ]

  private let roots: [JSONNode]
  private let reading: TraceReading

  init(path: String, reading: TraceReading = TraceReading()) throws {
    roots = try JSONReader.readAll(path: path)
    self.reading = reading
  }

  func walk(_ book: inout SeriesBook) throws {
    var answers = [[JSONNode]](repeating: [], count: TraceJSON.formats.count)
    for root in roots {
      if let place = TraceJSON.format(of: root) {
        answers[place].append(root)
        continue
      }
      let parts = root.list ?? []
      let places = parts.map { TraceJSON.format(of: $0) }
      guard !parts.isEmpty, let strange = places.firstIndex(of: nil) else {
        if parts.isEmpty { TraceJSON.refuse(root, &book) }
        for (part, place) in zip(parts, places) { if let place { answers[place].append(part) } }
        continue
      }
      TraceJSON.refuse(places.allSatisfy { $0 == nil } ? root : parts[strange], &book)
    }
    noteUnused(answers, &book)
    noteBasis(answers, &book)
    for (place, own) in answers.enumerated() where !own.isEmpty {
      TraceJSON.formats[place].walk(own, reading, &book)
    }
  }

  /// Notes what a mapping says of tables, as JSON has its own keys.
  private func noteUnused(_ answers: [[JSONNode]], _ book: inout SeriesBook) {
    let mapping = reading.mapping
    let takesValue = zip(TraceJSON.formats, answers).contains { $0.takesValue && !$1.isEmpty }
    let given = [
      ("time", mapping.time != nil), ("columns.zone", mapping.zone != nil), ("separator", mapping.separator != nil),
      ("decimal", mapping.decimal != nil), ("time_zone", mapping.timeZone != nil),
      ("date_order", mapping.dateOrder != nil), ("value", mapping.value != nil && !takesValue),
      ("columns.forecast", mapping.forecast != nil), ("columns.issued_at", mapping.issued != nil),
    ]
    let unused = given.filter { $0.1 }.map { $0.0 }
    if !unused.isEmpty { book.note("not used for JSON: \(list(unused))") }
  }

  /// Notes that a basis chooses nothing among the answers of APIs that say nothing of it.
  private func noteBasis(_ answers: [[JSONNode]], _ book: inout SeriesBook) {
    guard let basis = reading.basis else { return }
    if book.kind == .price { return book.note("basis: \(basis.rawValue) has no effect on prices") }
    for (format, own) in zip(TraceJSON.formats, answers) where !own.isEmpty && format != ElectricityMapsJSON.self {
      book.note("basis: \(basis.rawValue) has no effect on JSON of \(format.title), which has a single basis")
    }
  }

  private static func format(of root: JSONNode) -> Int? { formats.firstIndex { $0.recognises(root) } }

  private static func refuse(_ root: JSONNode, _ book: inout SeriesBook) {
    let sample = root.list?.first ?? root
    let keys = sample.keys.isEmpty ? root.summary : "JSON with the keys \(list(sample.keys))"
    let known = formats.map { $0.title }.joined(separator: "; ")
    book.report("", root.line, keys, "a response of \(known); or CSV")
  }
}

extension SeriesBook {
  /// Whom values under some names are for, best first; of the countries any may mean a whole one.
  mutating func targets(_ names: [String], countries: [String] = []) -> Targets {
    let keys = names.map { Array($0.utf8) }
    let wide = countries.map { Array($0.utf8) }
    return withBytes(keys[...], []) { keys in withBytes(wide[...], []) { targets(keys, countries: $0) } }
  }

  private func withBytes(_ rest: ArraySlice<[UInt8]>, _ done: [Bytes], _ body: ([Bytes]) -> Targets) -> Targets {
    guard let first = rest.first else { return body(done) }
    return first.withUnsafeBufferPointer { withBytes(rest.dropFirst(), done + [$0], body) }
  }

  /// Whom the values of an answer that names no zone are for; `nil` after reporting that nobody is.
  mutating func unnamedTargets(_ column: String, _ line: Int) -> Targets? {
    let found = anonymousTargets(column)
    guard case .none = found else { return found }
    reportUnnamedSeries(line)
    return nil
  }

  /// Refuses a file of one series without a name, of which zones are wanted by their names.
  mutating func reportUnnamedSeries(_ line: Int) {
    let expected =
      if case .named(let name) = wanted {
        "no zone: \(name), as there is nothing to choose from (all_zones: true gives every zone of a scenario the series)"
      } else {
        "a column for each zone, or all_zones: true"
      }
    report("", line, "a single series that does not name a zone", expected)
  }

  /// The instant under a key; `nil` after reporting that there is none.
  mutating func stamp(_ node: JSONNode, _ key: String) -> Int64? {
    if let text = node[key]?.text, let stamp = Instant(text: text) { return stamp.milliseconds }
    report(key, node[key]?.line ?? node.line, node[key]?.summary ?? "nothing", "an ISO 8601 time")
    return nil
  }

  /// Takes the value under a key; null and an absent one are blanks.
  mutating func add(_ node: JSONNode, _ key: String, to targets: Targets, stamp: Int64?, scale: Double) {
    if case .none = targets { return }
    add(node[key], key, node.line, to: targets, stamp: stamp, scale: scale)
  }

  mutating func add(
    _ cell: JSONNode?, _ key: String, _ line: Int, to targets: Targets, stamp: Int64?, scale: Double
  ) {
    let line = cell?.line ?? line
    let scale = fixedScale ?? scale
    if var text = cell?.text {
      return text.withUTF8 { add($0, to: targets, stamp: stamp, scale: scale, column: key, line: line) }
    }
    if let cell, !cell.isNull, cell.number == nil {
      return refuse(targets, stamp, key, line, cell.summary, "a number or null")
    }
    add(
      cell?.number.map { $0 * scale }, to: targets, stamp: stamp, column: key, line: line,
      found: cell?.summary ?? "nothing")
  }

  /// Selects the answers of the kind that is read, measurements or forecasts. If there are only forecasts, carbon
  /// intensities are taken from them, which is noted.
  ///
  /// - Parameter source: name of the API that they come from, for messages.
  mutating func chosen<Answer>(
    _ answers: [Answer], of source: String, _ line: Int, isForecast: (Answer) -> Bool
  ) -> [Answer] {
    let wanted = answers.filter { isForecast($0) == (kind == .forecast) }
    guard wanted.isEmpty, !answers.isEmpty else { return wanted }
    if kind == .forecast {
      report("", line, "measurements of \(source)", "its response to a request for a forecast")
      return []
    }
    note("\(source): the file has only a forecast, which is used as the intensity")
    return answers
  }

  /// Refuses a kind that a source does not have; whether it has it.
  mutating func demands(_ kinds: [TraceKind], of source: String, _ answers: [JSONNode], _ has: String) -> Bool {
    if kinds.contains(kind) { return true }
    report("", answers[0].line, "JSON of \(source), which has \(has)", "a file with the \(kind.quantity)")
    return false
  }

  /// Refuses several issues of a forecast in one file; whether there is one at most.
  mutating func isOneIssue(_ count: Int, _ line: Int) -> Bool {
    guard count > 1 else { return true }
    report(
      "", line, "\(count) issues of a forecast",
      "one; for several, set grid.forecast.file to a CSV file of issued_at,datetime,zone,forecast")
    return false
  }
}

extension TraceKind {
  /// For messages.
  var quantity: String {
    switch self {
    case .carbon: "carbon intensity"
    case .price: "price"
    case .forecast: "forecast"
    }
  }
}
