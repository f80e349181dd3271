import Domain

/// The separator of a CSV's fields and the decimal mark of its numbers.
struct CSVDialect: Hashable, Sendable {
  /// `,`, `;`, a tab or `|`.
  var separator: UInt8 = 44
  /// True if the decimal mark of numbers is a comma and points group digits.
  var hasDecimalCommas = false

  /// Separators that are looked for, in the order of their preference.
  static let separators: [UInt8] = [44, 59, 9, 124]

  init(separator: UInt8 = 44, hasDecimalCommas: Bool = false) {
    self.separator = separator
    self.hasDecimalCommas = hasDecimalCommas
  }

  /// A number as the dialect writes it.
  @inline(__always)
  func number(_ cell: Bytes) -> Double? { hasDecimalCommas ? cell.decimalCommaNumber : cell.number }

  /// Finds the separator of a header line: a comma if there is one outside quotes, otherwise `;`, a tab or `|`.
  ///
  /// The bytes between a separator and the next field are skipped as blanks, so that `;\t` is read as `;`.
  init(header: Bytes) {
    var counts = [0, 0, 0, 0]
    var inQuotes = false
    for byte in header {
      if byte == 34 { inQuotes.toggle() }
      guard !inQuotes, let place = CSVDialect.separators.firstIndex(of: byte) else { continue }
      counts[place] += 1
    }
    separator = zip(CSVDialect.separators, counts).first { $0.1 > 0 }?.0 ?? 44
  }

  /// The separator that a spreadsheet's first line names: `sep=;`, `"sep=,"`, `sep=` and a tab or `\t`.
  static func named(by line: Bytes) -> UInt8? {
    var text = Substring(line.text)
    if text.last == "\r" { text = text.dropLast() }
    if text.count > 1, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
    guard text.prefix(4).lowercased() == "sep=" else { return nil }
    let rest = text.dropFirst(4)
    if rest == "\\t" { return 9 }
    // A program that saved the line again may have filled it up with separators.
    guard let first = rest.utf8.first, rest.utf8.allSatisfy({ $0 == first }) else { return nil }
    return first == 9 || separators.contains(first) ? first : TableMapping.separator(String(rest.prefix(1)))
  }

  /// The separator's name for messages.
  static func name(_ separator: UInt8) -> String {
    switch separator {
    case 44: "a comma"
    case 9: "a tab"
    default: "\"\(Unicode.Scalar(separator))\""
    }
  }

  var name: String { CSVDialect.name(separator) }
}

/// Points in a file's numbers, which may separate decimals or thousands.
struct PointSurvey {
  private var grouped: (line: Int, text: String)?
  private var hasPlainDecimals = false

  mutating func add(_ cell: Bytes, _ line: Int) {
    guard !hasPlainDecimals, cell.contains(46), cell.number != nil else { return }
    if !cell.mayBeGrouped {
      hasPlainDecimals = true
    } else if grouped == nil {
      grouped = (line, cell.quoted)
    }
  }

  /// The first number that reads either way, unless another one can have decimals only.
  var ambiguous: (line: Int, text: String)? { hasPlainDecimals ? nil : grouped }
}

extension Bytes {
  /// A finite number whose decimal mark is a comma: `101,5`, `-3`, `1,5e-3`; points may group the digits of its whole
  /// part by three, as in `1.234,5`.
  var decimalCommaNumber: Double? {
    guard count <= 64, contains(where: { $0 == 44 || $0 == 46 }) else { return number }
    let comma = firstIndex(of: 44) ?? endIndex
    let whole = Bytes(rebasing: self[..<comma])
    guard !whole.contains(46) || whole.isGrouped else { return nil }
    var bytes = whole.withoutPoints
    if comma < endIndex {
      guard !self[(comma + 1)...].contains(where: { $0 == 44 || $0 == 46 }) else { return nil }
      bytes.append(46)
      bytes.append(contentsOf: self[(comma + 1)...])
    }
    return bytes.withUnsafeBufferPointer { $0.number }
  }

  /// True if points stand between groups of three digits, the first group having one to three: `-1.234.567`.
  var isGrouped: Bool {
    let digits = first == 45 || first == 43 ? Bytes(rebasing: dropFirst()) : self
    let groups = digits.split(separator: 46, omittingEmptySubsequences: false)
    guard groups.count > 1, groups.allSatisfy({ $0.allSatisfy { 48...57 ~= $0 } }) else { return false }
    return (1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 }
  }

  /// True if a number has another value when its points group digits: `3.600`, not `3.60` or `0.600`.
  var mayBeGrouped: Bool {
    guard contains(46), isGrouped, let digit = first(where: { 48...57 ~= $0 }) else { return false }
    return digit != 48
  }

  private var withoutPoints: [UInt8] { filter { $0 != 46 } }
}
