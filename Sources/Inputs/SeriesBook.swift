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
  /// True if an absent value is a missing step that will be filled, rather than a fault.
  let fills: Bool
  let clip: Bool
  /// True if negative values are accepted, because the caller handles them.
  var keepsNegatives = false
  let wanted: Wanted
  private(set) var names: [String] = []
  private(set) var steps: [[(start: Int64, value: Double)]] = []
  private(set) var clipped: [Int] = []
  /// Stamps, by series, of rows without a value that are to be filled.
  private var blanks: [[Int64]] = []
  /// Zeros that stand for absent values.
  private(set) var sentinels = 0
  /// Names of the file's series that nobody wanted.
  private(set) var foreign: [String] = []
  var issues = IssueList()
  /// The texts that stand for no value, and the numbers' form.
  var nulls = NullTexts()
  var dialect = CSVDialect()
  /// True if stamps are ends of intervals.
  var endStamps = false
  /// The rule for stamps that have several values.
  var duplicateRule = TableMapping.Duplicates.error
  /// Text reported as expected of a file in which a stamp has several values that another column distinguishes.
  var tellingApart: String?
  /// The first cell with a sign of money or a unit, by column: one message tells it.
  private var dressed: [String: String] = [:]
  /// The factor of values of JSON, instead of one from their unit.
  var fixedScale: Double?
  /// True if times without an offset were read as UTC.
  var hasLocalTimes = false
  /// True if a date was reported because its order is not known, or because it is a spreadsheet's.
  var hasStrangeDates = false
  /// Decisions of the reader that its user should know, in the order in which they were made.
  private(set) var notes: [String] = []
  /// The currency that the header names.
  var currency: String?
  /// The basis of intensities, if the file says it.
  var basis: IntensityBasis?
  /// The clock of local times.
  var clock: LocalClock?
  /// True if the unit of prices is known from the file.
  var hasPriceUnit = false
  /// The column of the time, for notes.
  var timeColumn = ""
  /// The line of the header, which faults of line 1 are reported at.
  var headerLine = 1
  /// Set while the file is read again for the lines of some stamps.
  var lines: [StampKey: [Int]]?
  private var known: [UInt64: Targets] = [:]
  /// The series of the file chosen for each wanted series.
  private var chosen: [Choice?] = []

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

  /// Takes what a mapping says of values and stamps.
  mutating func take(_ mapping: TableMapping) {
    nulls = NullTexts(mapping.null)
    endStamps = mapping.stamps == .end
    duplicateRule = mapping.duplicates
    fixedScale = mapping.scale
  }

  private mutating func addSeries(_ name: String) -> Int {
    names.append(name)
    steps.append([])
    clipped.append(0)
    blanks.append([])
    chosen.append(nil)
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
    if case .none = found { addForeign(keys.first { !$0.isEmpty }?.text ?? "") }
    return found
  }

  /// Whom a column of a wide file is for, by its header.
  mutating func columnTargets(_ name: Bytes) -> Targets {
    guard case .zones(_, let matcher) = wanted else { return targets([name]) }
    if let place = matcher.place(of: name) { return .one(place) }
    addForeign(name.text)
    return .none
  }

  private mutating func addForeign(_ name: String) {
    if foreign.count < 40, !foreign.contains(name) { foreign.append(name) }
  }

  private mutating func resolve(_ keys: [Bytes], _ countries: [Bytes]) -> Targets {
    switch wanted {
    case .zones(_, let matcher):
      for key in keys {
        if let found = matcher.match(key) { return choose([found.place], rank: found.rank, keys, countries) }
      }
      guard isNational(keys, countries) else { return .none }
      for country in countries {
        if let place = matcher.place(of: country) { return choose([place], rank: .max - 1, keys, countries) }
      }
      for country in countries {
        let places = matcher.places(ofCountry: country.text)
        if !places.isEmpty { return choose(places, rank: .max, keys, countries) }
      }
      return .none
    case .named(let name):
      if let rank = keys.firstIndex(where: { $0.text == name }) { return choose([0], rank: rank, keys, countries) }
      guard countries.contains(where: { $0.text == name }), isNational(keys, countries) else { return .none }
      return choose([0], rank: .max, keys, countries)
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

  /// True if a row is of a whole country rather than of one of its zones: it has no zone of its own, or one with the
  /// name of the country (the last of `countries`), or a country's code (`GB`, not `US-TEX-ERCO`).
  private func isNational(_ keys: [Bytes], _ countries: [Bytes]) -> Bool {
    let own = keys.filter { !$0.isEmpty }
    guard !own.isEmpty else { return true }
    let country = countries.last { !$0.isEmpty }.map { squashed($0.text) }
    return own.contains { key in
      (2...3).contains(key.count) && key.allSatisfy { $0 >= 65 && $0 <= 90 } || squashed(key.text) == country
    }
  }

  /// The series of the file that a zone gets its values from.
  private struct Choice {
    var name: String
    /// How well it fits; 0 is best.
    var rank: Int
  }

  /// True if the file is of one country as a whole, so that no note is needed on whose values its zones get.
  var isNationalFile = false
  /// The file's name for the country, for each zone that gets the values of its country.
  private var countryOf: [Int: String] = [:]

  func isOfCountry(_ place: Int) -> Bool { countryOf[place] != nil }

  mutating func tookCountry(_ name: String, for place: Int) { countryOf[place] = name }

  /// Notes zones that get the values of their country, as the file has none of their own.
  mutating func noteCountries() {
    guard !isNationalFile else { return }
    let names = countryOf.values.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.sorted()
    for name in names {
      let zones = countryOf.keys.filter { countryOf[$0] == name }.sorted().map { self.names[$0] }
      note("the file's \(name) is used for \(list(zones)) (by country)")
    }
  }

  /// Takes a series of the file for zones that have none yet or one that fits less well, whose values are dropped. Two
  /// that fit alike are a fault: which of them is meant nobody knows.
  private mutating func choose(_ places: [Int], rank: Int, _ keys: [Bytes], _ countries: [Bytes]) -> Targets {
    let name = (keys.first { !$0.isEmpty } ?? countries.first { !$0.isEmpty })?.text ?? ""
    var own: [Int] = []
    for place in places {
      guard let before = chosen[place], before.name != name else {
        if chosen[place] == nil || chosen[place]!.rank > rank { chosen[place] = Choice(name: name, rank: rank) }
        countryOf[place] = chosen[place]!.rank == .max ? name : nil
        own.append(place)
        continue
      }
      if rank < before.rank {
        leaveOut(before.name, place, for: name)
        steps[place] = []
        blanks[place] = []
        clipped[place] = 0
        // Rows of that series had this zone among theirs.
        known = [:]
        chosen[place] = Choice(name: name, rank: rank)
        countryOf[place] = nil
        own.append(place)
      } else if rank > before.rank {
        leaveOut(name, place, for: before.name)
      } else {
        report(
          names[place], 0, "\(list([before.name, name])), which match this zone equally well",
          "one of them as the zone's code, or zone: \(before.name)")
      }
    }
    switch own.count {
    case 0: return .none
    case 1: return .one(own[0])
    default: return .many(own)
    }
  }

  private mutating func leaveOut(_ name: String, _ place: Int, for better: String) {
    note("zone \(names[place]) is read from the file's \(better); \(name) is left out")
  }

  /// Takes a value from text; `column` and `line` are where it stands. Without a stamp, as the row's own is faulty, it
  /// is looked at alone.
  mutating func add(_ cell: Bytes, to targets: Targets, stamp: Int64?, scale: Double, column: String, line: Int) {
    if nulls.contains(cell) {
      add(nil, to: targets, stamp: stamp, column: column, line: line, found: cell.quoted)
    } else if let number = dialect.number(cell) {
      add(number * scale, to: targets, stamp: stamp, column: column, line: line, found: cell.quoted)
    } else {
      refuseText(cell, targets, stamp, column, line)
    }
  }

  /// A cell that is no number. What is wrong with numbers that have a unit or separators is told once, with the remedy.
  private mutating func refuseText(_ cell: Bytes, _ targets: Targets, _ stamp: Int64?, _ column: String, _ line: Int) {
    if dialect.hasDecimalCommas, cell.number != nil {
      return refuse(
        targets, stamp, column, line, cell.quoted,
        "a number with a decimal comma, which was taken for the file's decimal mark (decimal: \".\" changes this)")
    }
    guard let dress = NumberDress(cell.text) else {
      return refuse(targets, stamp, column, line, cell.quoted, "a number")
    }
    let first = dressed[column] ?? cell.quoted
    dressed[column] = first
    refuse(targets, stamp, column, line, "numbers with \(dress.name) such as \(first)", dress.expected)
  }

  /// A zero that stands for an absent value.
  mutating func addSentinel(to targets: Targets, stamp: Int64?, column: String, line: Int) {
    if lines == nil { sentinels += 1 }
    add(nil, to: targets, stamp: stamp, column: column, line: line, found: "0 (which means a missing value here)")
  }

  mutating func add(
    _ number: Double?, to targets: Targets, stamp: Int64?, column: String, line: Int, found: @autoclosure () -> String
  ) {
    if let number, abs(number) > SeriesBook.largest {
      return refuse(targets, stamp, column, line, found(), "a number of at most 1e12")
    }
    guard var value = number else {
      if fills { return putBlank(targets, stamp) }
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

  private mutating func putBlank(_ targets: Targets, _ stamp: Int64?) {
    guard let stamp, lines == nil else { return }
    switch targets {
    case .none: break
    case .one(let series): blanks[series].append(stamp)
    case .many(let all): for series in all { blanks[series].append(stamp) }
    }
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
    let text = "\(path.split(separator: "/").last ?? ""): \(text)"
    guard lines == nil, notes.count < IssueList.limit, !notes.contains(text) else { return }
    notes.append(text)
  }

  mutating func report(_ key: String, _ line: Int, _ found: String, _ expected: String) {
    guard lines == nil else { return }
    let line = line == 1 ? headerLine : line
    issues.add(InputIssue(file: path, line: line, key: key, found: found, expected: expected))
  }

  /// The stamps of a series that are to be filled; they are given away.
  mutating func takeBlanks(_ series: Int) -> [Int64] {
    let own = blanks[series]
    blanks[series] = []
    return own
  }

  /// The values of a series; they are given away.
  mutating func takeSteps(_ series: Int) -> [(start: Int64, value: Double)] {
    let own = steps[series]
    steps[series] = []
    return own
  }
}
