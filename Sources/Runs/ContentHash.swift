internal import Foundation

/// A hash of bytes, the same in every process: two lanes of 64 bits, each multiplied and rotated a word at a time.
///
/// It tells contents apart that differ by accident or by an edit: of a million texts two share one in a chance of about
/// 10⁻²⁶. It is no defence against somebody who looks for two that do. Eight bytes take a nanosecond.
package struct ContentHash: Sendable {
  private var first: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var second: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private var count: UInt64 = 0

  package init() {}

  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var at = 0
    while at + 8 <= bytes.count {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
      at += 8
    }
    var rest: UInt64 = 0
    for place in at..<bytes.count { rest = rest << 8 | UInt64(bytes[place]) }
    // The number of bytes tells a part's end: "ab", "c" is not "a", "bc".
    mix(rest)
    mix(UInt64(bytes.count))
  }

  package mutating func add(_ text: String) {
    var copy = text
    copy.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  @inline(__always)
  private mutating func mix(_ word: UInt64) {
    first = ContentHash.rotated((first ^ word) &* 0xFF51_AFD7_ED55_8CCD, 29)
    second = ContentHash.rotated((second &+ word) &* 0xC4CE_B9FE_1A85_EC53, 37) ^ first
    count &+= 1
  }

  @inline(__always)
  private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 { word << bits | word >> (64 - bits) }

  /// MurmurHash3's finaliser: every bit hangs on every other.
  private static func final(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ word >> 33) &* 0xFF51_AFD7_ED55_8CCD
    word = (word ^ word >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return word ^ word >> 33
  }

  package var words: (UInt64, UInt64) {
    let one = ContentHash.final(first ^ count)
    return (one, ContentHash.final(second &+ one))
  }

  /// 32 hexadecimal digits.
  package var text: String { ContentHash.hex(words.0) + ContentHash.hex(words.1) }

  package static func text(of text: String) -> String {
    var hash = ContentHash()
    hash.add(text)
    return hash.text
  }

  /// 16 digits.
  package static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// The hash of a file's contents, with the file's state when the hash was taken.
package struct FileStamp: Hashable, Sendable {
  package var path: String
  package var hash: String
  private var size: Int64
  private var changed: Int64
  private var number: UInt64

  /// `nil` where it cannot be read.
  package init?(path: String) {
    self.path = path
    guard let facts = FileStamp.facts(path),
      let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    else { return nil }
    (size, changed, number) = facts
    var hash = ContentHash()
    data.withUnsafeBytes { hash.add($0) }
    self.hash = hash.text
  }

  /// True if the file looks unchanged: compares its size, time of change and inode number, not its bytes.
  package var isFresh: Bool { FileStamp.facts(path).map { $0 == (size, changed, number) } ?? false }

  private static func facts(_ path: String) -> (Int64, Int64, UInt64)? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    #if canImport(Darwin)
      let time = facts.st_mtimespec
    #else
      let time = facts.st_mtim
    #endif
    return (Int64(facts.st_size), Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec), UInt64(facts.st_ino))
  }
}
