import Foundation
internal import TextIO

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

  /// The first bytes of a regular file, at most 512; `nil` if it is none, or cannot be read.
  static func head(of path: String) -> [UInt8]? {
    var facts = stat()
    // Whoever opens a pipe takes what is in it.
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, let file = FileHandle(forReadingAtPath: path)
    else {
      return nil
    }
    defer { try? file.close() }
    return (try? file.read(upToCount: 512)).flatMap { $0 }.map { Array($0) }
  }

  /// Hands a file's bytes over, a megabyte at a time, until `take` wants no more; whether all were taken.
  ///
  /// - Throws: ``UnreadableFile`` and what `take` throws.
  static func pieces(of path: String, _ take: (UnsafeRawBufferPointer) throws -> Bool) throws -> Bool {
    let file = try TextFile(path: path)
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 1)
    defer { room.deallocate() }
    var offset: Int64 = 0
    while true {
      let got = try file.read(room.baseAddress, room.count, at: offset)
      if got == 0 { return true }
      offset += Int64(got)
      if try !take(UnsafeRawBufferPointer(rebasing: room[0..<got])) { return false }
    }
  }
}
