internal import Domain
internal import Foundation
internal import Results
internal import Runs

/// The answers that an unfinished fetch has, beside the file that it is to make: `.pylon-fetch-NAME/`, a file a window,
/// each under its name only when it is whole.
final class FetchFolder {
  static let prefix = ".pylon-fetch-"

  let path: String
  private let lock: DirectoryLock?

  /// - Throws: ``OutputError``.
  init(beside out: String) throws(OutputError) {
    let name = out.lastPathName
    guard !name.isEmpty, !out.endsInSlash, name != ".", name != ".." else {
      throw OutputError(description: "cannot write \(out): not a file name")
    }
    path = String(decoding: out.utf8.dropLast(name.utf8.count), as: UTF8.self) + FetchFolder.prefix + name
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      throw OutputError(
        description: "cannot write beside \(out): \(cause?.localizedDescription ?? error.localizedDescription)")
    }
    switch DirectoryLock.take(path, waits: false) {
    case .held(let lock): self.lock = lock
    case .taken: throw OutputError(description: "cannot write \(out): another fetch is writing it")
    case .unknown: lock = nil
    }
    // Nobody else is at work here.
    for name in names where name.hasSuffix(PlainFile.partialSuffix) { unlink(path + "/" + name) }
  }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func place(_ window: FetchPlan.Window) -> String { "\(path)/\(window.name)" }

  /// When a window's answer came; `nil` where there is none.
  func date(of window: FetchPlan.Window) -> Date? {
    let facts = try? FileManager.default.attributesOfItem(atPath: place(window))
    return facts?[.modificationDate] as? Date
  }

  /// Removes the folder: the file is made.
  func remove() {
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }
}
