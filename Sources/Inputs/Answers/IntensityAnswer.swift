public import Domain

/// An answer of the GB Carbon Intensity API for a window: its periods as they are, with gaps, repetitions and negative
/// values.
public struct IntensityAnswer: Sendable {
  /// Whom a question was about.
  public enum Area: Hashable, Sendable {
    case nation
    case regions
  }

  /// The zones' codes; `GB` for the nation.
  public var names: [String]
  /// Steps of each zone: the stamps, milliseconds since the epoch, and values of the periods that have one.
  public var steps: [[(start: Int64, value: Double)]]
  /// Zeros of national measurements that stand for absent values, which are left out.
  public var sentinels: Int

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - name: what faults call it; `nil`: its path.
  ///   - zones: the regions wanted, found by their ids, codes and names; not used for the nation.
  /// - Throws: ``AnswerFault``.
  public init(
    path: String, name: String? = nil, kind: TraceKind, area: Area, zones: [Zone]
  ) throws(AnswerFault) {
    let root: JSONNode
    do { root = try JSONReader.read(path: path) } catch let fault as InputError {
      throw .broken(fault.renamed(from: path, to: name ?? path))
    } catch {
      throw .broken(
        InputError(issues: [InputIssue(file: name ?? path, line: 0, found: "\(error)", expected: "a JSON file")]))
    }
    if let error = root["error"] {
      let message = error["message"]?.text ?? error.text ?? ""
      let code =
        error["code"].map { $0.text ?? $0.number.map { Int(exactly: $0).map(String.init) ?? "\($0)" } ?? "" } ?? ""
      throw .refusal(code: code, message: message)
    }
    let wanted: SeriesBook.Wanted = area == .nation ? .all : .zones(zones, ZoneMatcher(zones))
    var book = SeriesBook(path: name ?? path, kind: kind, wanted: wanted, fills: true, clip: false)
    book.keepsNegatives = true
    do {
      if root["data"]?.list?.isEmpty != true {
        IntensityAnswer.checkShape(root, area, &book)
        try book.issues.throwIfAny()
        IntensityJSON.walk(root, &book)
      }
      try book.issues.throwIfAny()
    } catch let fault as InputError {
      throw .strange(fault)
    } catch {
      preconditionFailure("a walk over a tree in memory threw \(error)")
    }
    // The nation has its name even where nothing is told of it.
    names = book.names.isEmpty ? ["GB"] : book.names
    var steps = book.names.indices.map { book.takeSteps($0) }
    if steps.isEmpty { steps = [[]] }
    self.steps = steps
    sentinels = book.sentinels
    let odd = steps.flatMap { $0 }.first { $0.start % HalfHours.step != 0 }
    if let odd {
      let issue = InputIssue(
        file: name ?? path, line: 0, key: "from", found: Instant(milliseconds: odd.start).iso8601,
        expected: "a half hour")
      throw .strange(InputError(issues: [issue]))
    }
  }

  /// The nation's periods would do for every zone of the country, and a region's for the nation.
  private static func checkShape(_ root: JSONNode, _ area: Area, _ book: inout SeriesBook) {
    guard let data = root["data"] else {
      return book.report("data", root.line, root.summary, "a response of the GB Carbon Intensity API")
    }
    let items = data.list ?? [data]
    for item in items {
      let isRegional = item["regions"] != nil || item["data"] != nil
      if area == .regions, !isRegional, item["intensity"] != nil {
        return book.report("data", item.line, "national periods", "regions")
      }
      if area == .nation, isRegional { return book.report("data", item.line, "regions", "national periods") }
    }
  }
}

/// A fault in an answer.
public enum AnswerFault: Error, CustomStringConvertible, Sendable {
  /// No JSON: perhaps it was cut short on the way, or comes from something in between.
  case broken(InputError)
  /// The API's own error object, `{"error": {"code": "400 Bad Request", "message": "…"}}`.
  case refusal(code: String, message: String)
  /// JSON of another shape.
  case strange(InputError)

  public var description: String {
    switch self {
    case .broken(let fault), .strange(let fault): fault.description
    case .refusal(let code, let message): [code, message].filter { !$0.isEmpty }.joined(separator: ": ")
    }
  }
}

extension InputError {
  fileprivate func renamed(from path: String, to name: String) -> InputError {
    var copy = self
    for place in copy.issues.indices where copy.issues[place].file == path { copy.issues[place].file = name }
    return copy
  }
}
