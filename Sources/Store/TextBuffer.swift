internal import Domain

/// Bytes of text to be written to a file.
struct TextBuffer {
  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(1 << 16) }

  var count: Int { bytes.count }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func removeLast() { bytes.removeLast() }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(byte: UInt8) { bytes.append(byte) }

  mutating func append(_ number: Int) {
    guard number >= 0 else { return append(String(number)) }
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(48 + number / divisor % 10))
      divisor /= 10
    }
  }

  /// The shortest text that reads back as the same number; whole numbers without a fraction.
  mutating func append(_ number: Double) {
    if number == number.rounded(), abs(number) < 1e15 { append(Int(number)) } else { append(number.description) }
  }

  mutating func append(_ instant: Instant) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { room in
      guard let base = room.baseAddress else { return }
      instant.writeISO8601(into: base)
      bytes.append(contentsOf: UnsafeBufferPointer(start: base, count: 24))
    }
  }

  /// A cell as RFC 4180 quotes it; one that a spreadsheet would take for a formula gets an apostrophe before it.
  mutating func append(cell: UnsafeBufferPointer<UInt8>) {
    guard let first = cell.first else { return }
    let formula = first == 61 || first == 43 || first == 45 || first == 64 || first == 9
    guard formula || cell.contains(where: { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }) else {
      return bytes.append(contentsOf: cell)
    }
    bytes.append(34)
    if formula { bytes.append(39) }
    for byte in cell {
      if byte == 34 { bytes.append(34) }
      bytes.append(byte)
    }
    bytes.append(34)
  }

  mutating func append(cell text: String) {
    var copy = text
    copy.withUTF8 { append(cell: $0) }
  }
}
