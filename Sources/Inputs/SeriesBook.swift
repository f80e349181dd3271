import Domain

/// Which of the wanted series a row belongs to.
enum Targets {
  case none
  case one(Int)
  case many([Int])

  /// A cell that is looked at though its value can be kept nowhere, as the header is at fault.
  static let nowhere = Targets.many([])
}

/// A value's place: which series, and when.
struct StampKey: Hashable {
  var series: Int
  var stamp: Int64
}

/// Gathers the values of a trace file by series, with what was odd about them.
struct SeriesBook {
  enum Wanted {
    case zones([Zone], ZoneMatcher)
    case named(String)
    case only
    case all
  }

  /// Sums over the clock must stay numbers.
  private static let largest = 1e12

  let path: String
  let kind: TraceKind
  /// Whether an absent value is a missing step that will be filled, rather than a fault.
  let fills: Bool
  let clip: Bool
  /// Whether negative values are taken as they are: somebody else looks at them.
  var keepsNegatives = false
  let wanted: Wanted
  private(set) var names: [String] = []
  private(set) var steps: [[(start: Int64, value: Double)]] = []
  private(set) var clipped: [Int] = []
  /// Zeros that stand for absent values.
  private(set) var sentinels = 0
  /// Names of the file's series that nobody wanted.
  private(set) var foreign: [String] = []
  var issues = IssueList()
  /// Decisions of the reader that its user should know, in the order in which they were made.
  private(set) var notes: [String] = []
  /// The currency that the header names.
  var currency: String?
  /// Set while the file is read again for the lines of some stamps.
  var lines: [StampKey: [Int]]?
  private var known: [UInt64: Targets] = [:]

  init(path: String, kind: TraceKind, wanted: Wanted, fills: Bool, clip: Bool) {
    self.path = path
    self.kind = kind
    self.wanted = wanted
    self.fills = fills
    self.clip = clip
    switch wanted {
    case .zones(let zones, _): for zone in zones { _ = addSeries(zone.code) }
    case .named(let name): _ = addSeries(name)
    case .only, .all: break
    }
  }

  private mutating func addSeries(_ name: String) -> Int {
    names.append(name)
    steps.append([])
    clipped.append(0)
    return names.count - 1
  }

  /// Whose values stand under these names, the first one being what people know them by.
  ///
  /// - Parameter countries: further names that mean a whole country, for national files.
  mutating func targets(_ keys: [Bytes], countries: [Bytes] = []) -> Targets {
    var hash: UInt64 = 0
    for key in keys { hash = hash &* 31 &+ key.stableHash }
    for country in countries { hash = hash &* 37 &+ country.stableHash }
    if let found = known[hash] { return found }
    let found = resolve(keys, countries)
    // A hostile file may have a name a row.
    if known.count < 100_000 { known[hash] = found }
    if case .none = found, foreign.count < 40 {
      let name = keys.first { !$0.isEmpty }?.text ?? ""
      if !foreign.contains(name) { foreign.append(name) }
    }
    return found
  }

  private mutating func resolve(_ keys: [Bytes], _ countries: [Bytes]) -> Targets {
    switch wanted {
    case .zones(_, let matcher):
      for key in keys + countries { if let place = matcher.place(of: key) { return .one(place) } }
      for country in countries {
        let places = matcher.places(ofCountry: country.text)
        if !places.isEmpty { return .many(places) }
      }
      return .none
    case .named(let name):
      let isNamed = { (key: Bytes) in key.text == name }
      return keys.contains(where: isNamed) || countries.contains(where: isNamed) ? .one(0) : .none
    case .only:
      if names.isEmpty { return .one(addSeries(keys.first?.text ?? "")) }
      return .none
    case .all:
      let name = keys.first { !$0.isEmpty } ?? countries.first { !$0.isEmpty }
      guard let name else { return .none }
      if let place = names.firstIndex(of: name.text) { return .one(place) }
      // No file that people have has so many zones.
      return names.count < 1000 ? .one(addSeries(name.text)) : .none
    }
  }

  /// Takes a value from text; `column` and `line` are where it stands. Without a stamp, as the row's own is faulty, it
  /// is looked at alone.
  mutating func add(_ cell: Bytes, to targets: Targets, stamp: Int64?, scale: Double, column: String, line: Int) {
    if cell.isEmpty {
      add(nil, to: targets, stamp: stamp, column: column, line: line, found: "nothing")
    } else if let number = cell.number {
      add(number * scale, to: targets, stamp: stamp, column: column, line: line, found: cell.quoted)
    } else {
      refuse(targets, stamp, column, line, cell.quoted, "a number")
    }
  }

  /// A zero that stands for an absent value.
  mutating func addSentinel(to targets: Targets, stamp: Int64?, column: String, line: Int) {
    if lines == nil { sentinels += 1 }
    add(nil, to: targets, stamp: stamp, column: column, line: line, found: "0 (which stands for nothing here)")
  }

  mutating func add(
    _ number: Double?, to targets: Targets, stamp: Int64?, column: String, line: Int, found: @autoclosure () -> String
  ) {
    if let number, abs(number) > SeriesBook.largest {
      return refuse(targets, stamp, column, line, found(), "a number of at most 1e12")
    }
    guard var value = number else {
      guard !fills else { return }
      return refuse(targets, stamp, column, line, found(), "a number, or gaps: hold | interpolate")
    }
    var isClipped = false
    if value < 0, !kind.mayBeNegative, !keepsNegatives {
      guard clip else {
        return refuse(targets, stamp, column, line, found(), "an intensity of at least 0, or clip: true")
      }
      value = 0
      isClipped = true
    }
    put(value, isClipped, targets, stamp, line)
  }

  /// Tells a faulty value. It keeps its place, so that the fault is not told again as a missing step.
  mutating func refuse(
    _ targets: Targets, _ stamp: Int64?, _ column: String, _ line: Int, _ found: String, _ expected: String
  ) {
    if lines == nil { report(column, line, found + zones(targets, besides: column), expected) }
    put(.nan, false, targets, stamp, line)
  }

  /// Whose value it is, where the column is not called so.
  private func zones(_ targets: Targets, besides column: String) -> String {
    let zones =
      switch targets {
      case .none: [String]()
      case .one(let series): [names[series]]
      case .many(let all): all.map { names[$0] }
      }
    return zones.isEmpty || zones == [column] ? "" : " for \(list(zones))"
  }

  private mutating func put(_ value: Double, _ isClipped: Bool, _ targets: Targets, _ stamp: Int64?, _ line: Int) {
    guard let stamp else { return }
    switch targets {
    case .none: break
    case .one(let series): put(value, isClipped, series, stamp, line)
    case .many(let all): for series in all { put(value, isClipped, series, stamp, line) }
    }
  }

  private mutating func put(_ value: Double, _ isClipped: Bool, _ series: Int, _ stamp: Int64, _ line: Int) {
    if lines != nil {
      lines?[StampKey(series: series, stamp: stamp)]?.append(line)
      return
    }
    steps[series].append((stamp, value))
    if isClipped { clipped[series] += 1 }
  }

  /// The next line of a file, whose faults are told once though it be read twice.
  mutating func nextLine(_ reader: CSVLineReader) -> UnsafeMutableBufferPointer<UInt8>? {
    lines == nil ? issues.nextLine(reader) : try? reader.next()
  }

  /// Notes a decision of the reader, once.
  mutating func note(_ text: String) {
    guard lines == nil, notes.count < IssueList.limit, !notes.contains(text) else { return }
    notes.append(text)
  }

  mutating func report(_ key: String, _ line: Int, _ found: String, _ expected: String) {
    guard lines == nil else { return }
    issues.add(InputIssue(file: path, line: line, key: key, found: found, expected: expected))
  }

  /// The values of a series; they are given away.
  mutating func takeSteps(_ series: Int) -> [(start: Int64, value: Double)] {
    let own = steps[series]
    steps[series] = []
    return own
  }
}
