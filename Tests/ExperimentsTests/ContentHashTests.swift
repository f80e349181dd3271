import Foundation
import Testing

@testable import Runs

/// What tells contents apart.
@Suite struct ContentHashTests {
  private static func hash(_ parts: [[UInt8]]) -> String {
    var hash = ContentHash()
    for part in parts { part.withUnsafeBytes { hash.add($0) } }
    return hash.text
  }

  /// Bytes that make the same words but for how many they are; a word that is whole and one that is not.
  @Test func lengthsAreTold() {
    for byte in [UInt8(0), 0x61] {
      for tail in 0..<8 {
        var seen: Set<String> = []
        for zeros in 0..<40 {
          let bytes = [UInt8](repeating: 0, count: zeros) + [UInt8](repeating: byte, count: tail)
          seen.insert(Self.hash([bytes]))
        }
        #expect(seen.count == 40, "zeros before \(tail) bytes of \(byte)")
      }
    }
    #expect(ContentHash.text(of: "\0a") != ContentHash.text(of: "a"))
  }

  /// However a text is cut into parts, each cut has a hash of its own, and the same one again.
  @Test func partsAreTold() {
    let bytes = Array("job_id,submitted_at,duration_s".utf8)
    let whole = Self.hash([bytes])
    var seen: Set<String> = [whole]
    for cut in 0...bytes.count {
      let parts = [Array(bytes[..<cut]), Array(bytes[cut...])]
      seen.insert(Self.hash(parts))
      #expect(Self.hash(parts) == Self.hash(parts))
    }
    #expect(seen.count == bytes.count + 2)
  }
}
