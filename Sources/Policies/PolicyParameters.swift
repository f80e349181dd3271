public import Domain
public import Randomness

/// A parameter's value as a scenario writes it.
public enum ParameterValue: Hashable, Sendable {
  case number(Double)
  case flag(Bool)
  case text(String)
}

/// What a parameter may be.
public enum ParameterKind: Hashable, Sendable {
  /// A number within bounds.
  case number(ClosedRange<Double>)
  /// A whole number within bounds.
  case whole(ClosedRange<Int>)
  case flag
  /// One of several words.
  case choice([String])
  /// A time span such as `30m` or `6h`; read as seconds.
  case span
  /// The path of a file, relative to the scenario's.
  case file
  /// The code of one of the scenario's zones.
  case zone
  /// A text of some form.
  case form(ParameterForm)
  /// Any text.
  case text

  /// What an error says was expected.
  public var expected: String {
    switch self {
    case .number(let range):
      range.upperBound.isInfinite
        ? "a number ≥ \(numberText(range.lowerBound))"
        : "a number from \(numberText(range.lowerBound)) to \(numberText(range.upperBound))"
    case .whole(let range):
      range.upperBound == .max
        ? "a whole number ≥ \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(numberText(Double(range.upperBound)))"
    case .flag: "true or false"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .span: "a time span with a unit, such as 30m or 6h"
    case .file: "a file's path"
    case .zone: "a zone's code"
    case .form(let form): form.expected
    case .text: "text"
    }
  }
}

extension ParameterKind {
  /// The type in a word.
  public var typeName: String {
    switch self {
    case .number: "number"
    case .whole: "whole number"
    case .flag: "true or false"
    case .choice: "one of"
    case .span: "time span"
    case .file: "file"
    case .zone: "zone"
    case .form: "text"
    case .text: "text"
    }
  }

  /// The values that are allowed; empty if the type says it all.
  public var range: String {
    switch self {
    case .number(let range): ParameterKind.text(range.lowerBound, range.upperBound, isOpen: range.upperBound.isInfinite)
    case .whole(let range):
      ParameterKind.text(
        Double(range.lowerBound), Double(range.upperBound), isOpen: range.upperBound == .max)
    case .choice(let words): words.joined(separator: ", ")
    case .span: "≥ 0, such as 30m or 6h"
    case .file: "a path, relative to the scenario's folder"
    case .zone: "the code of one of the scenario's zones"
    case .form(let form): form.expected
    case .flag, .text: ""
    }
  }

  private static func text(_ low: Double, _ high: Double, isOpen: Bool) -> String {
    isOpen ? "≥ \(numberText(low))" : "\(numberText(low)) to \(numberText(high))"
  }
}

/// One parameter of a policy. Nested ones have dotted names (`weights.carbon`), the items of a list their place
/// (`operators.0.shift`); `*` in a name stands for any place.
public struct PolicyParameter: Sendable {
  public let name: String
  public let kind: ParameterKind
  public let summary: String
  /// The unit of a number, such as `gCO2/kWh`; empty for a number without one, and for what is no number.
  public let unit: String
  /// The value that a policy has without the parameter, as a scenario writes it; `nil` if there is none. A `*` stands for
  /// the item's number, from 1.
  public let standard: String?
  /// The value once a scenario gives one of some other parameters, if it differs from ``standard``.
  public let beside: Beside?

  /// A default that depends on other parameters.
  public struct Beside: Sendable {
    /// Names of the other parameters.
    public let others: [String]
    /// The default if one of them is given, as a scenario writes it.
    public let standard: String

    public init(_ others: [String], _ standard: String) {
      self.others = others
      self.standard = standard
    }
  }

  public init(
    _ name: String, _ kind: ParameterKind, _ summary: String, unit: String = "", standard: String? = nil,
    beside: Beside? = nil
  ) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.unit = unit
    self.standard = standard
    self.beside = beside
  }

  /// The name as a scenario's author reads it: `operators[].shift` for `operators.*.shift`.
  public var shownName: String { name.replacing(".*", with: "[]") }

  /// The defaults for people, such as `6h; none if times is given`; `none` if there is no default.
  public var standardText: String {
    var parts: [String] = []
    if let standard { parts.append(standard.replacing("*", with: "1")) }
    if let beside {
      let stems = beside.others.map { $0.split(separator: ".").first.map(String.init) ?? $0 }
      let others = beside.others.count > 2 ? "any other of \(stems[0])" : beside.others.joined(separator: " or ")
      parts.append("\(beside.standard) if \(others) is given")
    }
    return parts.isEmpty ? "none" : parts.joined(separator: "; ")
  }

  /// A fault that only several values together show.
  public struct Fault: Hashable, Sendable {
    /// The name of one of them, as a scenario writes it or would.
    public var key: String
    public var found: String
    public var expected: String
  }

  /// The default beside the parameters that a scenario gives, as it would write it; `nil` if there is none.
  ///
  /// - Parameter given: names of the parameters that the scenario gives to the policy.
  public func standard(beside given: some Collection<String>) -> String? {
    // A parameter and its parts (`wait`, `wait.short`) exclude each other.
    if given.contains(where: { $0.hasPrefix(name + ".") }) { return nil }
    if let beside, given.contains(where: { beside.others.contains($0) }) { return beside.standard }
    return standard
  }

  /// True if a scenario's name means this parameter.
  public func answers(to written: String) -> Bool {
    let own = name.split(separator: ".", omittingEmptySubsequences: false)
    let other = written.split(separator: ".", omittingEmptySubsequences: false)
    return own.count == other.count && zip(own, other).allSatisfy { $0 == $1 || ($0 == "*" && Int($1) != nil) }
  }
}

/// The checked parameters of a policy as a scenario wrote them; what is absent has the policy's default.
public struct PolicyParameters: Hashable, Sendable {
  public var values: [String: ParameterValue]

  public init(_ values: [String: ParameterValue] = [:]) { self.values = values }

  public func number(_ name: String, default standard: Double) -> Double {
    if case .number(let value)? = values[name] { value } else { standard }
  }

  public func whole(_ name: String, default standard: Int) -> Int {
    if case .number(let value)? = values[name] { Int(value) } else { standard }
  }

  public func flag(_ name: String, default standard: Bool) -> Bool {
    if case .flag(let value)? = values[name] { value } else { standard }
  }

  public func text(_ name: String) -> String? {
    if case .text(let value)? = values[name] { value } else { nil }
  }
}

/// What a policy is made from: its parameters, where its randomness comes from, and what was read for it.
public struct PolicySetup: Sendable {
  public var parameters: PolicyParameters
  public var seed: UInt64
  public var replication: Int
  public var zones: [Zone]
  /// The clock, from its start to its end; `nil` where nobody told.
  public var clock: Range<Instant>?
  /// What the file of a parameter `decisions` holds.
  public var decisions: DecisionRecord?

  public init(
    parameters: PolicyParameters = PolicyParameters(), seed: UInt64 = 0, replication: Int = 1, zones: [Zone] = [],
    clock: Range<Instant>? = nil, decisions: DecisionRecord? = nil
  ) {
    self.parameters = parameters
    self.seed = seed
    self.replication = replication
    self.zones = zones
    self.clock = clock
    self.decisions = decisions
  }

  /// A random stream of the policy's own, the same for the same seed, replication and name whatever else is drawn.
  public func stream(_ name: String) -> RandomStream {
    RandomStream(seed: seed, replication: replication, name: "policy/\(name)")
  }
}
