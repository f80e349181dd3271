package import Audit
internal import Domain
package import Results
package import Scenarios

/// The findings of an audit of a `results.sqlite`, for people and scripts.
public struct ResultAudit: Sendable {
  /// Run by run what was checked and what was not, the failures, a verdict.
  public var text: String
  /// The failures alone; empty where there is none.
  public var failures: String
  public var passed: Bool

  /// Recomputes every metric from the rows of the file.
  ///
  /// Any output that an interrupted run left in the folder is recovered first.
  ///
  /// - Throws: ``BadInput`` if the file is not a readable result, ``OutputError`` if the folder cannot be recovered.
  public init(path: String) throws {
    try Runner.recover(folderOf: path)
    do {
      let report = try Audit(
        path: path, program: Audit.Program(version: ProgramVersion.text, views: ResultViews.definitions),
        facts: { told in
          ResultAudit.facts(
            Provenance(
              version: told.version, file: told.file, text: told.text,
              options: told.options.map { Provenance.Option($0.name, $0.value) }))
        }
      ).run()
      text = report.description
      failures = report.failureText
      passed = report.passed
    } catch let refusal as AuditRefusal {
      throw refusal.fault
    }
  }

  private static func facts(_ provenance: Provenance) -> ScenarioFacts? {
    scenario(provenance).map { ScenarioFacts($0, isOfThisVersion: provenance.version == ProgramVersion.text) }
  }

  /// The scenario that a result holds, with the options of the command line that changed it; `nil` if it cannot be read.
  package static func scenario(_ provenance: Provenance) -> Scenario? {
    guard let text = provenance.text else { return nil }
    let overrides = provenance.options.filter { $0.name == "--set" }.compactMap { option in
      option.value.firstIndex(of: "=").map { at in
        (key: String(option.value[..<at]), value: String(option.value[option.value.index(after: at)...]))
      }
    }
    let document = try? ScenarioDocument(text: text, path: provenance.file)
    guard var scenario = try? document?.scenario(overrides: overrides, knownPolicies: Runner.policyNames) else {
      return nil
    }
    do {
      try OpenScenario.choose(
        policies: provenance.options.filter { $0.name == "--policy" }.map(\.value),
        seed: provenance.options.last { $0.name == "--seed" }.flatMap { UInt64($0.value) }, in: &scenario)
    } catch { return nil }
    return scenario
  }
}

extension AuditRefusal {
  /// The error of a command: a locked file is no fault of the input, and ends with status 3.
  package var fault: any Error {
    if case .locked = self { return OutputError(description: description) }
    return BadInput(description: description)
  }
}
