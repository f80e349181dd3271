import Foundation

/// Reads files that are held whole no further than a limit, whatever the file system says of their size.
package enum BoundedFile {
  /// A document of ``TreeBuilder/nodeLimit`` values is smaller.
  static let largestYAML = 8 << 20

  private static let piece = 1 << 20

  /// The bytes of a file; `nil` where there are more than `limit`.
  package static func contents(of path: String, limit: Int) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    let isWhole = try pieces(of: path) { piece in
      bytes += piece
      return bytes.count <= limit
    }
    return isWhole ? bytes : nil
  }

  /// Whether an open file is a pipe, which can be read once.
  package static func isPipe(_ descriptor: Int32) -> Bool {
    var found = stat()
    return fstat(descriptor, &found) == 0 && [S_IFIFO, S_IFSOCK].contains(found.st_mode & S_IFMT)
  }

  /// Hands a file's bytes over, a megabyte at a time, until `take` wants no more; whether all were taken.
  static func pieces(of path: String, _ take: (UnsafeRawBufferPointer) throws -> Bool) throws -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw CocoaError(.fileReadUnknown) }
    defer { close(file) }
    // Who waits for a pipe may wait for ever, and files are read more than once.
    guard !isPipe(file) else { throw CocoaError(.fileReadUnknown) }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 1)
    defer { room.deallocate() }
    while true {
      let got = read(file, room.baseAddress, room.count)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw CocoaError(.fileReadUnknown) }
      if got == 0 { return true }
      if try !take(UnsafeRawBufferPointer(rebasing: room[0..<got])) { return false }
    }
  }
}
