import Foundation

/// An open text file, decompressed if it is gzip. Readers of one file may share it: each keeps an offset of its own.
package final class TextFile: Sendable {
  package let path: String
  /// True if the bytes are those of a temporary file that holds the decompressed content.
  package let isDecompressed: Bool
  private let descriptor: Int32

  /// Opens a file; refuses one that is no text, with its kind and what to do about it (``BinaryKind``).
  package init(path: String) throws(UnreadableFile) {
    self.path = path
    // Without waiting for whoever may write to a pipe.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw UnreadableFile.lastCall }
    var (open, decompressed) = (file, false)
    do throws(UnreadableFile) {
      guard !TextFile.isPipe(file) else {
        throw UnreadableFile(found: "a pipe", expected: "a file that can be read", isUnreadable: true)
      }
      if Gunzip.isMagic(try TextFile.head(file)) {
        open = try Gunzip.open(file)
        close(file)
        decompressed = true
      }
      let whole = open
      if let kind = BinaryKind(try TextFile.head(open), tail: { TextFile.tail(whole) }) {
        throw kind.refusal(isCompressed: decompressed)
      }
    } catch {
      close(open)
      throw error
    }
    descriptor = open
    isDecompressed = decompressed
  }

  deinit { close(descriptor) }

  /// How many bytes there are, once decompressed; 0 if that is unknown.
  package var size: Int {
    var found = stat()
    return fstat(descriptor, &found) == 0 ? Int(found.st_size) : 0
  }

  /// Reads up to so many bytes from an offset on; 0 at the end.
  package func read(_ room: UnsafeMutableRawPointer?, _ count: Int, at offset: Int64) throws(UnreadableFile) -> Int {
    try retrying { pread(descriptor, room, count, off_t(offset)) }
  }

  private static func head(_ descriptor: Int32) throws(UnreadableFile) -> [UInt8] {
    var head = [UInt8](repeating: 0, count: BinaryKind.headLength)
    let got = try retrying { pread(descriptor, &head, BinaryKind.headLength, 0) }
    return Array(head[..<got])
  }

  /// The last bytes of a file: of an archive, the list of what it holds.
  private static func tail(_ descriptor: Int32) -> [UInt8] {
    var found = stat()
    guard fstat(descriptor, &found) == 0 else { return [] }
    var tail = [UInt8](repeating: 0, count: BinaryKind.tailLength)
    let from = max(0, off_t(found.st_size) - off_t(tail.count))
    guard let got = try? retrying({ pread(descriptor, &tail, BinaryKind.tailLength, from) }) else { return [] }
    return Array(tail[..<got])
  }

  /// True if an open file is a pipe, which can be read only once.
  private static func isPipe(_ descriptor: Int32) -> Bool {
    var found = stat()
    return fstat(descriptor, &found) == 0 && [S_IFIFO, S_IFSOCK].contains(found.st_mode & S_IFMT)
  }

  /// A file's name without `.gz`, for formats that its ending tells.
  package static func plainName(_ path: String) -> String {
    let name = path.lowercased()
    return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
  }
}

/// Why a file cannot be read: what was found and what was expected.
package struct UnreadableFile: Error {
  package var found: String
  package var expected: String
  /// True if nothing of the file could be read, so that its name is in question rather than its content.
  package var isUnreadable = false
  /// True if the machine, not the file, is at fault: a full disk, no memory, too few descriptors.
  package var isResource = false

  /// Why the last call on a file failed.
  static var lastCall: UnreadableFile {
    let reason =
      switch errno {
      case ENOENT: "no such file"
      case EISDIR: "a directory"
      default: String(cString: strerror(errno))
      }
    let isResource = [EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, EIO].contains(errno)
    return UnreadableFile(
      found: reason, expected: "a file that can be read", isUnreadable: true, isResource: isResource)
  }
}

/// Repeats a reading call that a signal interrupted.
func retrying(_ call: () -> Int) throws(UnreadableFile) -> Int {
  while true {
    let got = call()
    if got >= 0 { return got }
    guard errno != EINTR else { continue }
    throw .lastCall
  }
}
