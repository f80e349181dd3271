internal import Foundation

/// Gzip without compression (RFC 1952 with stored blocks of RFC 1951), written and read here alone.
enum SwarmGzip {
  private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

  /// A text in one member or two.
  static func bytes(_ text: String, members: Int) -> [UInt8] {
    let bytes = Array(text.utf8)
    let cut = members > 1 ? bytes.count / 2 : 0
    return (cut > 0 ? member(bytes[..<cut]) : []) + member(bytes[cut...])
  }

  private static func member(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var out = header
    var rest = bytes
    repeat {
      let block = rest.prefix(60_000)
      rest = rest.dropFirst(block.count)
      out.append(rest.isEmpty ? 1 : 0)
      out += little(UInt32(block.count), 2) + little(~UInt32(block.count), 2) + block
    } while !rest.isEmpty
    return out + little(checksum(bytes), 4) + little(UInt32(bytes.count), 4)
  }

  private static func little(_ number: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// CRC-32 of IEEE 802.3, bit by bit.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  /// A file's text, whether it is plain or written by this type; `nil` for other files.
  static func text(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let bytes = [UInt8](data)
    guard bytes.starts(with: [0x1F, 0x8B]) else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    var at = 0
    while at < bytes.count {
      guard bytes[at...].starts(with: header) else { return nil }
      at += header.count
      var isLast = false
      while !isLast, at + 5 <= bytes.count {
        isLast = bytes[at] == 1
        let length = Int(bytes[at + 1]) + Int(bytes[at + 2]) << 8
        guard at + 5 + length <= bytes.count else { return nil }
        text += bytes[(at + 5)..<(at + 5 + length)]
        at += 5 + length
      }
      at += 8
    }
    return String(decoding: text, as: UTF8.self)
  }
}
