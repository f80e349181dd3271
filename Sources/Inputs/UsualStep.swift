import Domain

/// The length of a step of a trace without a regular one.
enum UsualStep {
  /// The most common difference if it is the only one so common and makes up a third of them, twice at least; else the
  /// median, the lower of two: of two differences the smaller one.
  static func length(_ differences: [Int64]) -> Int64 {
    var counts: [Int64: Int] = [:]
    for difference in differences { counts[difference, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    let best = counts.filter { $0.value == most }.keys
    if best.count == 1, most > 1, most * 3 >= differences.count, let only = best.first { return only }
    return differences.isEmpty ? 0 : differences.sorted()[(differences.count - 1) / 2]
  }

  /// The step of the series with the most rows, if it is regular and others have fewer rows.
  static func common(_ series: [[(start: Int64, value: Double)]]) -> Int64? {
    let counts = series.map(\.count)
    guard let most = counts.max(), most > 3, counts.contains(where: { $0 < most }),
      let whole = series.first(where: { $0.count == most })
    else { return nil }
    let stamps = whole.map(\.start).sorted()
    let differences = zip(stamps, stamps.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }
    let own = length(differences)
    return differences.count { $0 == own } * 2 > differences.count ? own : nil
  }
}

/// The end of a trace whose last step has a length that its rows do not show for certain.
struct AssumedEnd {
  var end: Int64
  var length: Int64
  /// From the row before the last one to the last one.
  var difference: Int64
  /// True if the trace has exactly two rows.
  var isPair: Bool

  /// `nil` if it goes without saying: a step like the one before, or of two rows at most an hour.
  private var note: String? {
    let time = Instant(milliseconds: end).readable
    if difference > 3 * length {
      return "the last row is taken to end at \(time), after \(AssumedEnd.text(length)), not after "
        + "\(AssumedEnd.text(difference)) as the row before it; add a row if it lasts longer"
    }
    guard isPair, length > 3_600_000 else { return nil }
    return "of two rows, the second one is taken to last \(AssumedEnd.text(length)) as the first one, to \(time); add "
      + "a row if it does not"
  }

  /// Notes the ends of series, those alike together.
  static func note(_ ends: [(name: String, end: AssumedEnd)], _ book: inout SeriesBook) {
    var notes: [(text: String, names: [String])] = []
    for (name, end) in ends {
      guard let text = end.note else { continue }
      if let place = notes.firstIndex(where: { $0.text == text }) {
        notes[place].names.append(name)
      } else {
        notes.append((text, [name]))
      }
    }
    for note in notes { book.note("\(list(note.names)): \(note.text)") }
  }

  /// `71 h`, `30 min` or `10 s`.
  private static func text(_ length: Int64) -> String {
    if length % 3_600_000 == 0 { return "\(length / 3_600_000) h" }
    return length % 60_000 == 0 ? "\(length / 60_000) min" : "\(Double(length) / 1000) s"
  }
}
