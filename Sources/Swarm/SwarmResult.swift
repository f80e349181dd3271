internal import GRDB

/// The tables of a result, which nobody who looks at them may change.
enum SwarmResult {
  /// - Parameter folder: where `results.sqlite` is.
  static func read<Value>(_ folder: String, _ body: (Database) throws -> Value) throws -> Value {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: folder + "/results.sqlite", configuration: configuration).read(body)
  }
}
