internal import Foundation

/// The folder of a sweep: a file a finished unit, and the table of all.
///
/// A unit's file takes its name when it is complete, by a rename; it ends with a line that names the unit, so that one
/// that a failing disk cut short is not taken for a result. Any number of processes, on any machines that share the
/// folder, may write units at once: two that do the same unit write the same bytes.
struct SweepStore: Sendable {
  let folder: String

  private var units: String { folder + "/units" }
  var table: String { folder + "/sweep.csv" }

  func make() throws(OutputError) {
    do { try FileManager.default.createDirectory(atPath: units, withIntermediateDirectories: true) } catch {
      throw OutputError(description: "cannot write to \(folder): \(error.localizedDescription)")
    }
  }

  private func path(_ id: String) -> String { "\(units)/\(id).csv" }
  private func ending(_ id: String) -> String { "# end of \(id)\n" }

  /// The lines of a unit; `nil` where it is not done.
  func lines(of id: String) -> [Substring]? {
    guard let data = FileManager.default.contents(atPath: path(id)) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    let ending = ending(id)
    guard text.hasSuffix(ending) else { return nil }
    return text.dropLast(ending.count).split(separator: "\n")
  }

  func save(_ lines: [String], of id: String) throws(OutputError) {
    try replace(path(id), with: lines.map { $0 + "\n" }.joined() + ending(id))
  }

  /// Writes a file whole or not at all.
  func replace(_ path: String, with text: String) throws(OutputError) {
    let partial = "\(path).\(ProcessInfo.processInfo.processIdentifier).\(UInt64.random(in: 0 ... .max)).partial"
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: partial))
    } catch {
      unlink(partial)
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      throw OutputError(
        description: "cannot write \(path): \(cause?.localizedDescription ?? error.localizedDescription)")
    }
    guard rename(partial, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(partial)
      throw OutputError(description: "cannot write \(path): \(reason)")
    }
  }

  /// Removes what killed processes left half-written, where it is older than a day: others may be at work.
  func removePartials() {
    let old = Date(timeIntervalSinceNow: -86_400)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: units)) ?? [] where name.hasSuffix(".partial") {
      let facts = try? FileManager.default.attributesOfItem(atPath: units + "/" + name)
      if let date = facts?[.modificationDate] as? Date, date < old { unlink(units + "/" + name) }
    }
  }
}
