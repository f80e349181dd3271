internal import Foundation

/// Bytes of a run that must wait for earlier ones, in a file without a name, which the system removes whatever happens.
/// Not for other programs: things stand in it as in memory.
final class SpillFile {
  private let descriptor: Int32
  private let path: String
  private(set) var bytes = 0

  init(path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw fault("write") }
    unlink(path)
  }

  deinit { close(descriptor) }

  /// Writes bytes behind those there are.
  func append(_ part: UnsafeRawBufferPointer) throws(StoreError) {
    var at = 0
    while at < part.count, let base = part.baseAddress {
      let done = Foundation.write(descriptor, base + at, part.count - at)
      if done < 0, errno == EINTR { continue }
      guard done >= 0 else { throw fault("write") }
      at += done
    }
    bytes += part.count
  }

  /// Goes back to the first byte.
  func rewind() throws(StoreError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw fault("read back") }
  }

  /// Fills the buffer, or as much of it as there is.
  func read(into part: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
    var at = 0
    while at < part.count, let base = part.baseAddress {
      let done = Foundation.read(descriptor, base + at, part.count - at)
      if done < 0, errno == EINTR { continue }
      guard done >= 0 else { throw fault("read back") }
      if done == 0 { break }
      at += done
    }
    return at
  }

  func fill(_ part: UnsafeMutableRawBufferPointer) throws(StoreError) {
    guard try read(into: part) == part.count else {
      throw StoreError(description: "cannot read back \(OutputFile.finalPath(of: path)): it ends early")
    }
  }

  private func fault(_ what: String) -> StoreError {
    let reason = String(cString: strerror(errno))
    return StoreError(description: "cannot \(what) \(OutputFile.finalPath(of: path)): \(reason)")
  }
}
