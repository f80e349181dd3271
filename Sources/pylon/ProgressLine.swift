internal import Foundation

/// One line on a terminal that says how far the work is, rewritten in place.
final class ProgressLine {
  private var shown = ""

  func show(_ policy: String, _ fraction: Double) {
    let text = "\(policy): \(Int(fraction * 100)) % of the clock"
    guard text != shown else { return }
    shown = text
    write("\r\u{1B}[K" + text)
  }

  func clear() {
    if !shown.isEmpty { write("\r\u{1B}[K") }
    shown = ""
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
