internal import CZlib
import Foundation

/// Decompresses gzip (RFC 1952), members one after the other.
package enum Gunzip {
  /// The most that a file may hold, in bytes: a small file may be made to fill a disk.
  package static let largest: Int64 = 4 << 30
  private static let piece = 1 << 18

  static func isMagic(_ head: some Collection<UInt8>) -> Bool { head.starts(with: [0x1F, 0x8B]) }

  /// Returns a descriptor of an unlinked temporary file with what the compressed file holds.
  ///
  /// - Parameters:
  ///   - compressed: read from its beginning; the caller closes it.
  ///   - limit: more bytes are refused.
  package static func open(_ compressed: Int32, limit: Int64 = largest) throws(UnreadableFile) -> Int32 {
    let temporary = try temporaryFile()
    do {
      try Inflation(limit: limit).run(from: compressed, to: temporary)
    } catch {
      close(temporary)
      throw error
    }
    return temporary
  }

  private static func temporaryFile() throws(UnreadableFile) -> Int32 {
    let told = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
    let folder = told.isEmpty ? "/tmp" : told
    var name = Array("\(folder)/pylon-XXXXXX".utf8CString)
    let descriptor = name.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw UnreadableFile(
        found: "gzip, but no temporary file in \(folder) (\(reason))", expected: "a TMPDIR with room to decompress it",
        isResource: true)
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = name.withUnsafeBufferPointer { unlink($0.baseAddress!) }
    return descriptor
  }

  /// One file's decompression.
  private struct Inflation {
    let limit: Int64
    private static let whole = "a complete gzip file: copy or download it again, and try gunzip -t"

    func run(from source: Int32, to target: Int32) throws(UnreadableFile) {
      var stream = z_stream()
      guard pylon_gunzip_begin(&stream) == Z_OK else {
        throw UnreadableFile(found: "gzip", expected: "enough memory to decompress it", isResource: true)
      }
      defer { inflateEnd(&stream) }
      let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * piece)
      defer { room.deallocate() }
      let input = UnsafeMutableBufferPointer(rebasing: room[..<piece])
      let output = UnsafeMutableBufferPointer(rebasing: room[piece...])
      var offset: Int64 = 0
      var written: Int64 = 0
      var isWithinMember = true
      while true {
        let got = try retrying { pread(source, input.baseAddress, input.count, off_t(offset)) }
        guard got > 0 else { break }
        offset += Int64(got)
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(got)
        repeat {
          if !isWithinMember { isWithinMember = try begins(&stream) }
          guard isWithinMember else { break }
          isWithinMember = try inflatePart(&stream, output)
          let count = output.count - Int(stream.avail_out)
          written += Int64(count)
          guard written <= limit else {
            throw UnreadableFile(
              found: "gzip of more than \(size(limit))", expected: "at most \(size(limit)) once decompressed")
          }
          try write(target, UnsafeBufferPointer(rebasing: output[..<count]))
          // Output that filled its room may have more behind it.
        } while stream.avail_in > 0 || (isWithinMember && stream.avail_out == 0)
      }
      guard !isWithinMember else { throw UnreadableFile(found: "a truncated gzip file", expected: Inflation.whole) }
    }

    /// Inflates into the whole of `output`; whether the member goes on.
    private func inflatePart(
      _ stream: inout z_stream, _ output: UnsafeMutableBufferPointer<UInt8>
    ) throws(UnreadableFile) -> Bool {
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      let result = inflate(&stream, Z_NO_FLUSH)
      switch result {
      case Z_STREAM_END: return false
      // No progress, as the input is at its end.
      case Z_OK, Z_BUF_ERROR: return true
      default:
        let reason = stream.msg.map { " (\(String(cString: $0)))" } ?? ""
        throw UnreadableFile(found: "corrupt gzip\(reason)", expected: Inflation.whole)
      }
    }

    /// Begins the next member and returns true if one follows; zeros that fill the file up are skipped.
    private func begins(_ stream: inout z_stream) throws(UnreadableFile) -> Bool {
      let rest = UnsafeBufferPointer(start: stream.next_in, count: Int(stream.avail_in))
      if rest.first == 0x1F {
        inflateReset(&stream)
        return true
      }
      guard rest.allSatisfy({ $0 == 0 }) else {
        throw UnreadableFile(found: "other data after the gzip data", expected: Inflation.whole)
      }
      return false
    }

    private func write(_ target: Int32, _ bytes: UnsafeBufferPointer<UInt8>) throws(UnreadableFile) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeBufferPointer(rebasing: rest)
        let done = Foundation.write(target, part.baseAddress, part.count)
        if done < 0, errno == EINTR { continue }
        guard done > 0 else {
          let reason = String(cString: strerror(errno))
          throw UnreadableFile(
            found: "gzip, but no room for a temporary file (\(reason))",
            expected: "a TMPDIR with room to decompress it",
            isResource: true)
        }
        rest = rest.dropFirst(done)
      }
    }

    private func size(_ bytes: Int64) -> String {
      bytes >= 1 << 30 ? "\(bytes >> 30) GB" : bytes >= 1 << 20 ? "\(bytes >> 20) MB" : "\(bytes) bytes"
    }
  }
}
