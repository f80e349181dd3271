internal import Domain
internal import Foundation

/// A result that could not be written.
public struct StoreError: Error, CustomStringConvertible, Sendable {
  public var description: String

  public init(description: String) { self.description = description }
}

/// A file that is written from its beginning to its end.
final class OutputFile {
  private let descriptor: Int32
  private let path: String

  init(path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw fault() }
  }

  deinit { close(descriptor) }

  /// Writes the buffer and empties it.
  func write(_ text: TextBuffer) throws(StoreError) {
    var at = 0
    while at < text.count {
      let done = Foundation.write(descriptor, text.memory + at, text.count - at)
      if done < 0, errno == EINTR { continue }
      guard done >= 0 else { throw fault() }
      at += done
    }
    text.removeAll()
  }

  /// Waits until the bytes are on the disk.
  func synchronize() throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw fault() }
  }

  private func fault() -> StoreError {
    let reason = String(cString: strerror(errno))
    return StoreError(description: "cannot write \(OutputFile.finalPath(of: path)): \(reason)")
  }

  /// The name that a file which is being made is to have.
  static func finalPath(of path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .filter { !$0.starts(with: ResultFolder.prefix.utf8) }
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
  }
}
