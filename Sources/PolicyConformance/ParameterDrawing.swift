package import Policies
package import Randomness

/// Draws a policy's parameters from what its catalogue entry says they may be. Files, forms, texts and the items of
/// lists stay as the policy has them.
package enum ParameterDrawing {
  package static func draw(
    _ parameters: [PolicyParameter], _ random: inout RandomStream
  ) -> PolicyParameters {
    var values: [String: ParameterValue] = [:]
    for parameter in parameters where !parameter.name.contains("*") && random.chance(0.5) {
      // A parameter and its parts (`wait`, `wait.short`) exclude each other.
      let stem = parameter.name.split(separator: ".")[0]
      guard values[String(stem)] == nil else { continue }
      values[parameter.name] = value(parameter.kind, &random)
    }
    return PolicyParameters(values)
  }

  private static func value(_ kind: ParameterKind, _ random: inout RandomStream) -> ParameterValue? {
    switch kind {
    case .number(let range):
      // The ends themselves, where they are finite.
      if random.chance(0.1) {
        return .number(range.upperBound.isFinite && random.chance(0.3) ? range.upperBound : range.lowerBound)
      }
      // What may be very large has a scale of its own; the rest is of the order of 1.
      let top = min(range.upperBound, range.lowerBound + [1, 3, range.upperBound > 1000 ? 200 : 1][random.below(3)])
      return .number(random.uniform(from: range.lowerBound, to: top))
    case .whole(let range):
      let top = min(range.upperBound, range.lowerBound + 3)
      return .number(Double(range.lowerBound + random.below(top - range.lowerBound + 1)))
    case .flag: return .flag(random.chance(0.5))
    case .choice(let words): return .text(words[random.below(words.count)])
    case .span: return .number([300, 1800, 3600, 21600][random.below(4)])
    case .file, .zone, .form, .text: return nil
    }
  }
}
