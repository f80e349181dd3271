internal import Foundation
internal import Runs

/// The folder of a sweep: shard files in `units/`, and the tables of all units beside them.
///
/// Any number of processes, on any machines that share the folder, may do units at once, each into a file of its own:
/// two that do the same unit write the same bytes.
struct SweepStore: Sendable {
  let folder: String

  private var units: String { folder + "/units" }
  /// Folder of batch jobs: their scripts, and the logs of their tasks.
  var jobs: String { folder + "/slurm" }

  func make() throws(OutputError) { try make(units) }

  func make(_ path: String) throws(OutputError) {
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      throw OutputError(
        description: "cannot write to \(path): \(cause?.localizedDescription ?? error.localizedDescription)")
    }
  }

  func index() -> UnitIndex { UnitIndex(folder: units) }

  /// A file for this process's units.
  func log(_ shard: Shard?) -> UnitLog {
    let share = shard.map { "shard-\($0.index)-of-\($0.count)" } ?? "all"
    let process = ProcessInfo.processInfo
    let host = process.hostName.prefix { $0 != "." && $0 != "/" }
    let number = String(UInt32.random(in: 0 ... .max), radix: 16)
    return UnitLog(folder: units, name: "\(share)-\(host)-\(process.processIdentifier)-\(number)")
  }
}
