internal import Foundation
internal import GRDB
internal import Synchronization

/// SQLite's own check of the file (pages, order, indexes, constraints) beside the audit, on a thread of its own: it
/// takes as long as everything else together.
///
/// If the check fails, the audit is interrupted, because a page that is referenced twice can make a walk all but
/// endless.
final class IntegrityCheck: Sendable {
  private struct State {
    var refusal: (any Error)?
    var auditIsOver = false
  }

  private let state = Mutex(State())
  private let done = DispatchSemaphore(value: 0)

  /// Begins. The file has been opened and has the tables of a result.
  init(of file: AuditFile) {
    DispatchQueue.global().async { [self] in
      let refusal = IntegrityCheck.fault(of: file.path)
      state.withLock { $0.refusal = refusal }
      done.signal()
      guard refusal != nil else { return }
      // An interruption between two queries is lost, so it is repeated.
      while !state.withLock({ $0.auditIsOver }) {
        file.interrupt()
        Thread.sleep(forTimeInterval: 0.01)
      }
    }
  }

  private static func fault(of path: String) -> (any Error)? {
    do {
      let told = try AuditFile(path: path).read { try String.fetchAll($0, sql: "PRAGMA integrity_check(20)") }
      return told == ["ok"] ? nil : AuditRefusal.damaged(path: path, told: told)
    } catch { return error }
  }

  /// Waits for the end.
  ///
  /// - Throws: ``AuditRefusal`` with SQLite's words, where the file is damaged.
  func finish() throws {
    state.withLock { $0.auditIsOver = true }
    done.wait()
    if let refusal = state.withLock({ $0.refusal }) { throw refusal }
  }
}
