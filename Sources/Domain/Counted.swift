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
