/// Characters around or within the digits of a cell that would be a number without them.
struct NumberDress {
  /// For messages: `"£"`.
  let name: String
  /// Text that messages report as expected instead.
  let expected: String

  /// `nil` for a cell that is no number without a unit or thousands separators.
  init?(_ text: String) {
    guard text.utf8.count <= 60 else { return nil }
    let isPart = { (c: Character) in (c.isASCII && c.isNumber) || "+-.,".contains(c) }
    let isBlank = { (c: Character) in c == " " || c == "\u{A0}" || c == "\u{202F}" || c == "'" }
    let before = text.prefix { !isPart($0) }
    let digits = text.dropFirst(before.count).prefix { isPart($0) || isBlank($0) }
    let behind = text.dropFirst(before.count + digits.count)
    let plain = digits.filter { isPart($0) && $0 != "," }
    guard Double(plain) != nil, !behind.contains(where: \.isNumber) else { return nil }
    let unit = [before, behind].map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    if let first = unit.first {
      guard unit.allSatisfy({ $0.allSatisfy { $0.isLetter || "£€$¢%/₂.".contains($0) } }) else { return nil }
      name = "\"\(first)\""
      expected = "numbers alone, with the unit in the header such as price (GBP/kWh); sed 's|\(first)||g' removes it"
    } else {
      var whole = digits.prefix { $0 != "." }
      // `1 234,5`: blanks between thousands, a comma before decimals.
      if whole.contains(where: isBlank), whole.count(where: { $0 == "," }) == 1, let comma = whole.firstIndex(of: ",") {
        whole = whole[..<comma]
      }
      let groups = whole.split { $0 == "," || isBlank($0) }
      guard groups.count > 1, groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
      name = "thousands separators"
      expected = "numbers such as 1234.5, or decimal: \",\" if the comma is the decimal mark"
    }
  }
}
