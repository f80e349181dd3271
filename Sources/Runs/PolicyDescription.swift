internal import Domain
internal import Policies

/// A policy's description and parameters, for people.
public enum PolicyDescription {
  /// - Throws: ``BadInput`` for a name that no policy has.
  public static func text(_ name: String) throws(BadInput) -> String {
    guard let entry = PolicyCatalog.entry(name) else {
      let names = Runner.policyNames
      let hint = nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
      throw BadInput(
        description: "found no policy \(name), expected one of \(names.joined(separator: ", "))\(hint)")
    }
    let title = "\(entry.name): \(entry.summary)"
    guard !entry.parameters.isEmpty else { return title + "\n\nIt has no parameters." }
    let example = entry.parameters.first { $0.standard != nil && !$0.name.contains("*") }
    let use = example.map { "In a scenario: \(written(entry.name, $0))" }
    let list = entry.parameters.map { parameter in
      let facts = [
        "  type     \(type(parameter))", parameter.unit.isEmpty ? nil : "  unit     \(parameter.unit)",
        "  default  \(parameter.standardText)",
        parameter.kind.range.isEmpty ? nil : "  range    \(parameter.kind.range)",
      ]
      return (["\(parameter.shownName): \(parameter.summary)"] + facts.compactMap { $0 }).joined(separator: "\n")
    }
    return ([title] + [use].compactMap { $0 } + ["Parameters:"] + list).joined(separator: "\n\n")
  }

  private static func type(_ parameter: PolicyParameter) -> String {
    if case .choice = parameter.kind { return "one of the words below" }
    return parameter.kind.typeName
  }

  /// A parameter as a scenario writes it.
  private static func written(_ policy: String, _ parameter: PolicyParameter) -> String {
    let parts = parameter.name.split(separator: ".")
    let value = parts.dropFirst().reversed().reduce(parameter.standard ?? "") { "{\($1): \($0)}" }
    return "- \(policy): {\(parts[0]): \(value)}"
  }
}
