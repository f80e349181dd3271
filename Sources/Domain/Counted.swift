/// A count with its noun: `1 job`, `2 jobs`, `0 jobs`.
///
/// - Parameters:
///   - noun: in the singular.
///   - plural: by default the noun with an `s`, or with `ies` for a `y` behind a consonant.
public func counted(_ number: Int, _ noun: String, plural: String? = nil) -> String {
  "\(number) \(number == 1 ? noun : plural ?? pluralOf(noun))"
}

private func pluralOf(_ noun: String) -> String {
  let isVowel = noun.dropLast().last.map { "aeiou".contains($0) } ?? true
  return noun.hasSuffix("y") && !isVowel ? noun.dropLast() + "ies" : noun + "s"
}

/// A number as people write it: `0.5`, `12`, `1,000,000`; from 10^15 on with an exponent.
public func numberText(_ value: Double) -> String {
  guard value == value.rounded(), abs(value) < 1e15 else { return "\(value)" }
  let digits = String(Int64(abs(value)))
  let groups = digits.reversed().enumerated().map { place, digit in
    place > 0 && place % 3 == 0 ? "\(digit)," : "\(digit)"
  }
  return (value < 0 ? "-" : "") + groups.reversed().joined()
}
