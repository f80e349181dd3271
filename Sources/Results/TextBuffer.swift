internal import Domain

/// Bytes of text to be written to a file, in memory of its own: a result has hundreds of millions of them.
final class TextBuffer: TextOutputStream {
  private(set) var memory: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity = 1 << 16
  /// The day that `dayText` writes, as milliseconds since the epoch.
  private var day = Int64.min
  private var dayText = UnsafeMutablePointer<UInt8>.allocate(capacity: 24)

  /// The number written last that had a fraction, and where it stands; 0 for none.
  private var lastNumber: UInt64 = 0
  private var lastPlace = 0..<0

  init() { memory = .allocate(capacity: capacity) }

  deinit {
    memory.deallocate()
    dayText.deallocate()
  }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: memory, count: count) }
  var text: String { String(decoding: bytes, as: UTF8.self) }

  func removeAll() {
    count = 0
    lastNumber = 0
  }

  func removeLast(_ number: Int = 1) {
    count -= number
    if count < lastPlace.upperBound { lastNumber = 0 }
  }

  /// Makes room, so that the memory does not move for the next `more` bytes.
  @inline(__always)
  func reserve(_ more: Int) {
    if count + more > capacity { grow(more) }
  }

  private func grow(_ more: Int) {
    while count + more > capacity { capacity *= 2 }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.moveInitialize(from: memory, count: count)
    memory.deallocate()
    memory = larger
  }

  @inline(__always)
  func append(byte: UInt8) {
    reserve(1)
    memory[count] = byte
    count += 1
  }

  func append(_ more: UnsafeBufferPointer<UInt8>) {
    guard let base = more.baseAddress else { return }
    reserve(more.count)
    (memory + count).update(from: base, count: more.count)
    count += more.count
  }

  func append(_ text: String) {
    var copy = text
    copy.withUTF8 { append($0) }
  }

  /// Adds as many bytes as `fill` says that it has put there, at most `more`, and returns their number.
  @discardableResult
  func append(_ more: Int, filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> Int {
    reserve(more)
    let done = try fill(UnsafeMutableRawBufferPointer(start: memory + count, count: more))
    count += done
    return done
  }

  func write(_ text: String) { append(text) }

  /// Appends ASCII text. The standard library writes numbers with this method if a stream has it, without making a
  /// string.
  func _writeASCII(_ text: UnsafeBufferPointer<UInt8>) { append(text) }

  func append(_ number: Int) {
    if number < 0 { append(byte: 45) }
    var left = number.magnitude
    var digits = 1
    var limit: UInt = 10
    while left >= limit, digits < 19 {
      digits += 1
      limit *= 10
    }
    if left >= 10_000_000_000_000_000_000 { digits = 20 }
    reserve(digits)
    var at = count + digits
    count = at
    for _ in 0..<digits {
      at -= 1
      memory[at] = UInt8(truncatingIfNeeded: 48 + left % 10)
      left /= 10
    }
  }

  /// The shortest text that reads back as the same number; whole numbers without a fraction.
  func append(_ number: Double) {
    if abs(number) < 1e15, Double(Int(number)) == number { return append(Int(number)) }
    if number.bitPattern == lastNumber, lastPlace.upperBound <= count {
      // A job's energy is often its estimate.
      reserve(lastPlace.count)
      (memory + count).update(from: memory + lastPlace.lowerBound, count: lastPlace.count)
      count += lastPlace.count
      return
    }
    let place = count
    var stream = self
    number.write(to: &stream)
    lastNumber = number.bitPattern
    lastPlace = place..<count
  }

  /// A whole number of thousandths as a decimal number without closing zeros: the shortest text that reads back as
  /// the same `Double`, as two texts of at most 15 digits are never the same one.
  func append(thousandths number: Int64) {
    guard number >= 0, number < 1_000_000_000_000_000 else { return append(Double(number) / 1000) }
    append(Int(number / 1000))
    var part = number % 1000
    guard part != 0 else { return }
    append(byte: 46)
    var unit: Int64 = 100
    while part != 0 {
      append(byte: UInt8(truncatingIfNeeded: 48 + part / unit))
      part %= unit
      unit /= 10
    }
  }

  /// 24 bytes of ISO 8601. The civil date is looked up only where the day is another than the last one's.
  func append(_ instant: Instant) {
    let instant = instant.withinCalendar
    let dayLength: Int64 = 86_400_000
    let start = instant.milliseconds.flooredQuotient(dayLength) * dayLength
    if start != day {
      Instant(milliseconds: start).writeISO8601(into: dayText)
      day = start
    }
    reserve(24)
    let place = memory + count
    place.update(from: dayText, count: 24)
    let time = Int(instant.milliseconds - start)
    two(time / 3_600_000, place + 11)
    two(time / 60_000 % 60, place + 14)
    two(time / 1000 % 60, place + 17)
    place[20] = UInt8(truncatingIfNeeded: 48 + time / 100 % 10)
    two(time % 100, place + 21)
    count += 24
  }

  @inline(__always)
  private func two(_ number: Int, _ place: UnsafeMutablePointer<UInt8>) {
    place[0] = UInt8(truncatingIfNeeded: 48 + number / 10)
    place[1] = UInt8(truncatingIfNeeded: 48 + number % 10)
  }

  /// A cell as RFC 4180 quotes it; one that a spreadsheet would take for a formula gets an apostrophe before it (OWASP,
  /// "CSV Injection": `=`, `+`, `-`, `@`, tab, line feed and carriage return at the beginning). So does one that has
  /// apostrophes before such a beginning: the readers take one off, and every text reads back as it was.
  func append(cell: UnsafeBufferPointer<UInt8>) {
    guard let first = cell.first, let last = cell.last else { return }
    let formula = TextBuffer.beginsFormula(first == 39 ? cell.first { $0 != 39 } : first)
    let isBlank = { (byte: UInt8) in byte == 32 || byte == 9 }
    guard
      formula || isBlank(first) || isBlank(last)
        || cell.contains(where: { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 })
    else { return append(cell) }
    append(byte: 34)
    if formula { append(byte: 39) }
    for byte in cell {
      if byte == 34 { append(byte: 34) }
      append(byte: byte)
    }
    append(byte: 34)
  }

  private static func beginsFormula(_ byte: UInt8?) -> Bool {
    switch byte {
    case 61, 43, 45, 64, 9, 10, 13: true
    default: false
    }
  }

  func append(cell text: String) {
    var copy = text
    copy.withUTF8 { append(cell: $0) }
  }
}
