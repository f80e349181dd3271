import Domain
import Foundation

typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
  /// The part of the bytes without the blanks at either end.
  var trimmed: Bytes {
    var low = 0
    var high = count
    while low < high, self[low] == 32 || self[low] == 9 { low += 1 }
    while high > low, self[high - 1] == 32 || self[high - 1] == 9 { high -= 1 }
    return Bytes(rebasing: self[low..<high])
  }

  var text: String { String(decoding: self, as: UTF8.self) }

  /// A cell without the apostrophe that keeps a spreadsheet from taking it for a formula: the writer puts one before
  /// cells that begin, behind any apostrophes, with `=`, `+`, `-`, `@`, a tab, a line feed or a carriage return.
  var unguarded: Bytes {
    guard let mark = first(where: { $0 != 39 }), first == 39 else { return self }
    return [61, 43, 45, 64, 9, 10, 13].contains(mark) ? Bytes(rebasing: self[1...]) : self
  }

  /// The text in quotes, cut to forty characters, for messages.
  var quoted: String {
    if isEmpty { return "nothing" }
    // A character may have any number of marks on it.
    let scalars = text.unicodeScalars
    let short = String(String.UnicodeScalarView(scalars.prefix(40))).printable()
    return scalars.count > 40 ? "\"\(short)…\"" : "\"\(short)\""
  }

  /// A finite decimal number; `nil` for anything else (NaN and infinities too). Correctly rounded.
  var number: Double? {
    var at = 0
    var negative = false
    if at < count, self[at] == 45 || self[at] == 43 {
      negative = self[at] == 45
      at += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var scale = 0
    var large = false
    var point = false
    while at < count {
      let byte = self[at]
      if byte >= 48, byte <= 57 {
        digits += 1
        if mantissa < 900_000_000_000_000_000 { mantissa = mantissa * 10 + UInt64(byte - 48) } else { large = true }
        if point { scale -= 1 }
      } else if byte == 46, !point {
        point = true
      } else {
        break
      }
      at += 1
    }
    guard digits > 0 else { return nil }
    if at < count {
      guard let exponent = exponent(from: at) else { return nil }
      scale += exponent
    }
    if !large, mantissa <= 1 << 53, scale >= -22, scale <= 22 {
      let magnitude =
        scale < 0 ? Double(mantissa) / powersOfTen[-scale] : Double(mantissa) * powersOfTen[scale]
      return negative ? -magnitude : magnitude
    }
    return slowNumber
  }

  /// `e-3` up to the end of the bytes.
  private func exponent(from start: Int) -> Int? {
    var at = start
    guard self[at] == 101 || self[at] == 69 else { return nil }
    at += 1
    var negative = false
    if at < count, self[at] == 45 || self[at] == 43 {
      negative = self[at] == 45
      at += 1
    }
    guard at < count else { return nil }
    var value = 0
    while at < count {
      guard self[at] >= 48, self[at] <= 57 else { return nil }
      value = Swift.min(value * 10 + Int(self[at] - 48), 100_000)
      at += 1
    }
    return negative ? -value : value
  }

  private var slowNumber: Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// FNV-1a with a final mix: the same on every machine and in every run.
  var stableHash: UInt64 { stableHash(after: "") }

  /// The hash of a prefix with these bytes behind it.
  func stableHash(after prefix: StaticString) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in Bytes(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount) {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    for byte in self { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash.mixed
  }

  /// The hash of the ASCII upper case, `-` and blanks read as `_`.
  var nameHash: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in self {
      let folded = byte >= 97 && byte <= 122 ? byte - 32 : byte == 45 || byte == 32 ? 95 : byte
      hash = (hash ^ UInt64(folded)) &* 0x0000_0100_0000_01b3
    }
    return hash.mixed
  }
}

extension UInt64 {
  fileprivate var mixed: UInt64 {
    var x = self
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    return x ^ (x >> 31)
  }
}

extension String {
  var stableHash: UInt64 {
    var copy = self
    return copy.withUTF8 { $0.stableHash }
  }
  var nameHash: UInt64 {
    var copy = self
    return copy.withUTF8 { $0.nameHash }
  }
}

private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
