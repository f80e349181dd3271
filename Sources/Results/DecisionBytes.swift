internal import Domain

/// A decision in a batch's bytes: this, the bytes of `job_id` and of what it was ranked by, then its options.
struct DecisionHead {
  var at: Int64
  /// `Int64.max` for none.
  var start: Int64
  var issuedAt: Int64
  /// Within the run, from 1.
  var number: Int
  /// `compute_workloads.id`.
  var job: Int
  var candidates: Int
  var zone: Int32
  var idLength: Int32
  var rankedByLength: Int32
  var kind: UInt8
  /// 255 for none.
  var rejection: UInt8
  var hasChosen: Bool
  /// Behind the chosen one.
  var options: UInt8
}

/// An option in a batch's bytes: this, and the bytes of its terms.
struct OptionHead {
  var start: Int64
  var score: Double
  var intensity: Double
  var emissions: Double
  var cost: Double
  var zone: Int32
  var termsLength: Int32
}

extension TextBuffer {
  private func append<Value: BitwiseCopyable>(raw value: Value) {
    withUnsafeBytes(of: value) { append($0.bindMemory(to: UInt8.self)) }
  }

  /// - Parameter scratch: of this call alone.
  func append(
    _ decision: LoggedDecision, number: Int, job: Int, id: UnsafeBufferPointer<UInt8>, scratch: TextBuffer
  ) {
    append(
      raw: DecisionHead(
        at: decision.at.milliseconds, start: decision.start.milliseconds,
        issuedAt: decision.forecastIssuedAt.milliseconds, number: number, job: job, candidates: decision.candidates,
        zone: Int32(decision.zone), idLength: Int32(id.count), rankedByLength: Int32(decision.rankedBy.utf8.count),
        kind: decision.kind.rawValue, rejection: decision.rejection?.rawValue ?? 255,
        hasChosen: decision.chosen != nil, options: UInt8(decision.ranking.count)))
    append(id)
    append(decision.rankedBy)
    if let chosen = decision.chosen { append(chosen, scratch) }
    for option in decision.ranking { append(option, scratch) }
  }

  private func append(_ option: PredictedStart, _ scratch: TextBuffer) {
    scratch.removeAll()
    scratch.append(terms: option.ranked.terms)
    append(
      raw: OptionHead(
        start: option.ranked.start.milliseconds, score: option.ranked.score, intensity: option.intensity.value,
        emissions: option.emissions.value, cost: option.cost.value, zone: Int32(option.ranked.zone),
        termsLength: Int32(scratch.count)))
    append(scratch.bytes)
  }

  /// `{"carbon":0.25,"delay":0}`; nothing where there are none.
  private func append(terms: [ScoreTerm]) {
    guard !terms.isEmpty else { return }
    var mark: UInt8 = 123
    for term in terms {
      append(byte: mark)
      append(byte: 34)
      // Names are the policies' own: what JSON would have to escape is left out.
      for byte in term.name.utf8 where byte >= 32 && byte != 34 && byte != 92 { append(byte: byte) }
      append(byte: 34)
      append(byte: 58)
      if term.value.isFinite { append(term.value) } else { append("null") }
      mark = 44
    }
    append(byte: 125)
  }
}

/// Reads what ``TextBuffer/append(_:number:job:id:scratch:)`` wrote.
struct DecisionReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { at >= bytes.count }

  mutating func raw<Value: BitwiseCopyable>(_ type: Value.Type) -> Value {
    let value = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: at, as: type)
    at += MemoryLayout<Value>.size
    return value
  }

  mutating func text(_ length: Int32) -> UnsafeBufferPointer<UInt8> {
    defer { at += Int(length) }
    return UnsafeBufferPointer(rebasing: bytes[at..<at + Int(length)])
  }
}
