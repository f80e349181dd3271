/// How the table of a file is to be read where its header and its cells do not say it, or say it otherwise.
public struct TableMapping: Hashable, Sendable {
  /// The end of an interval that its stamp is.
  public enum Stamps: String, Hashable, Sendable, CaseIterable {
    case start, end
  }

  /// The value of a stamp that has several.
  public enum Duplicates: String, Hashable, Sendable, CaseIterable {
    /// Values that differ are refused.
    case error
    case first, last, mean
  }

  /// The order of day and month in dates such as `03/04/2025`.
  public enum DateOrder: String, Hashable, Sendable, CaseIterable {
    case dayFirst = "day-first"
    case monthFirst = "month-first"
  }

  public enum Decimal: String, Hashable, Sendable, CaseIterable {
    case point = "."
    case comma = ","
  }

  /// The file's names of columns: of the time, the zone, the value, the forecast and of a forecast's issue.
  public var time: String?
  public var zone: String?
  public var value: String?
  public var forecast: String?
  public var issued: String?
  /// `,`, `;`, `|`, a tab or another ASCII character; `nil`: as the header has it.
  public var separator: UInt8?
  /// `nil`: a comma if fields are not separated by commas and a number has one.
  public var decimal: Decimal?
  /// The time zone (IANA) of times without an offset; `nil`: UTC.
  public var timeZone: String?
  /// `nil`: starts, unless the header says otherwise.
  public var stamps: Stamps?
  public var duplicates: Duplicates
  /// Texts that stand for no value besides the usual ones: an empty cell, NaN, NA, N/A, null, None, nil, `-`, `–` in
  /// any case.
  public var null: [String]?
  /// The factor of each value, instead of one from the header's unit.
  public var scale: Double?
  /// `nil`: as a day above 12 shows.
  public var dateOrder: DateOrder?

  public init() {
    duplicates = .error
  }

  /// Reads a separator's name: `tab`, `\t`, or a single ASCII character that is no letter, digit, quote or line end.
  public static func separator(_ text: String) -> UInt8? {
    if ["tab", "\\t", "\t"].contains(text) { return 9 }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte > 32, byte < 127, byte != 34, byte != 46, byte != 45,
      byte != 43
    else { return nil }
    let isWord = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    return isWord ? nil : byte
  }
}
