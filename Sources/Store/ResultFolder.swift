internal import Foundation

/// Folders of results that are replaced whole or not at all: files are made under other names beside their places
/// and take their final names together, once all are complete.
public final class ResultFolder {
  public let path: String
  private let partial: String
  private var names: [String] = []
  private var finished = false

  /// - Throws: ``StoreError`` where the folder cannot be made or written to.
  public init(path: String) throws {
    self.path = path
    partial = path + "/.pylon-partial-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try? FileManager.default.removeItem(atPath: partial)
      try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
    } catch {
      throw StoreError(description: "cannot write to \(path): \(ResultFolder.reason(error))")
    }
  }

  deinit {
    if !finished { try? FileManager.default.removeItem(atPath: partial) }
  }

  /// Where to make the file that will be called `name`.
  ///
  /// - Throws: ``StoreError`` where a directory has that name.
  public func place(for name: String) throws -> String {
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isDirectory), isDirectory.boolValue {
      throw StoreError(description: "cannot replace \(path)/\(name): it is a directory")
    }
    names.append(name)
    return partial + "/" + name
  }

  /// Makes a text file.
  public func write(_ text: String, as name: String) throws {
    let place = try place(for: name)
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: place)) } catch {
      throw StoreError(description: "cannot write \(name): \(ResultFolder.reason(error))")
    }
  }

  /// Gives every file its final name. Files of earlier results that this one no longer has are removed.
  ///
  /// - Parameter stale: tells of a file's name whether it can only be an earlier result's.
  public func finish(removing stale: (String) -> Bool = { _ in false }) throws {
    for name in names { try ResultFolder.synchronize(partial + "/" + name) }
    for name in names {
      guard rename(partial + "/" + name, path + "/" + name) == 0 else {
        throw StoreError(description: "cannot replace \(path)/\(name): \(String(cString: strerror(errno)))")
      }
    }
    try? FileManager.default.removeItem(atPath: partial)
    let kept = Set(names)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where !kept.contains(name) {
      if stale(name) { try? FileManager.default.removeItem(atPath: path + "/" + name) }
    }
    finished = true
  }

  private static func synchronize(_ path: String) throws {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw StoreError(description: "cannot read back \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw StoreError(description: "cannot write \(path): \(String(cString: strerror(errno)))")
    }
  }

  private static func reason(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let cause, cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(cause.code)))
  }
}
