internal import Foundation
package import GRDB
internal import GRDBSQLite

/// The file under audit, open for reading alone.
package struct AuditFile: Sendable {
  package let path: String
  private let queue: DatabaseQueue

  /// Seconds to wait for another program's lock.
  package static let patience = 5.0

  /// No text of a result is longer, bytes: what is, is refused by SQLite instead of being read.
  private static let longestText: Int32 = 1 << 20

  /// - Throws: ``AuditRefusal``.
  package init(path: String) throws {
    self.path = path
    try AuditFile.checkHead(path)
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(AuditFile.patience)
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      sqlite3_limit(database.sqliteConnection, SQLITE_LIMIT_LENGTH, AuditFile.longestText)
      try database.execute(
        sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON; "
          + "PRAGMA cache_size = -32000")
    }
    do { queue = try DatabaseQueue(path: path, configuration: configuration) } catch {
      throw AuditFile.refusal(of: error, path)
    }
  }

  /// Calls `body` within one read transaction: what it sees does not change.
  package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try queue.read(body) } catch let error as DatabaseError {
      throw AuditFile.refusal(of: error, path)
    } catch let error as RowDecodingError {
      throw AuditRefusal.damaged(path: path, told: [error.description])
    }
  }

  /// Stops what is being read.
  package func interrupt() { queue.interrupt() }

  private static func refusal(of error: any Error, _ path: String) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    let reason = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: return AuditRefusal.locked(path: path, seconds: Int(patience))
    case .SQLITE_NOTADB: return AuditRefusal.notADatabase(path: path)
    case .SQLITE_CORRUPT, .SQLITE_TOOBIG, .SQLITE_ERROR, .SQLITE_SCHEMA:
      return AuditRefusal.damaged(path: path, told: [reason])
    default: return AuditRefusal.unreadable(path: path, reason: reason)
    }
  }

  /// A regular file that begins as SQLite's do: nothing else is handed to it.
  private static func checkHead(_ path: String) throws(AuditRefusal) {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .missing(path: path) }
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    guard facts.st_size > 0 else { throw .empty(path: path) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let expected = Array("SQLite format 3\0".utf8)
    var head = [UInt8](repeating: 0, count: expected.count)
    guard Foundation.read(descriptor, &head, head.count) == head.count, head == expected else {
      throw .notADatabase(path: path)
    }
  }
}
