internal import Store

/// What an audit of a `results.sqlite` found, for people and scripts.
public struct ResultAudit: Sendable {
  /// Run by run what was checked and what was not, the failures, a verdict.
  public var text: String
  /// The failures alone; empty where there is none.
  public var failures: String
  public var passed: Bool

  /// Works every figure out again from the rows of the file.
  ///
  /// What an interrupted run left in the folder is put right first.
  ///
  /// - Throws: ``BadInput`` where the file is no result that can be read, ``OutputError`` where the folder cannot be put
  ///   right.
  public init(path: String) throws {
    try Runner.recover(folderOf: path)
    do {
      let report = try Audit(path: path).run()
      text = report.description
      failures = report.failureText
      passed = report.passed
    } catch let refusal as AuditRefusal {
      throw BadInput(description: refusal.description)
    }
  }
}
