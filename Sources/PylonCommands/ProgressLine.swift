internal import Foundation
internal import Runs

/// One line on a terminal that says how far the work is, how fast it goes and how long it will take yet, rewritten in
/// place a few times a second.
final class ProgressLine {
  private var shown = ""
  private let began = ContinuousClock.now
  private var told = ContinuousClock.now - .seconds(1)

  func show(_ progress: RunProgress) {
    let now = ContinuousClock.now
    guard now - told >= .milliseconds(100) else { return }
    told = now
    let seconds = (now - began) / Duration.seconds(1)
    let text = ProgressLine.text(progress, seconds: seconds)
    guard text != shown else { return }
    shown = text
    write("\r\u{1B}[K" + text)
  }

  static func text(_ progress: RunProgress, seconds: Double) -> String {
    var parts = ["\(progress.policy): \(Int(progress.fraction * 100)) % simulated"]
    if progress.runs > 1 {
      parts = ["\(progress.runsDone) of \(progress.runs) runs, \(Int(progress.fraction * 100)) %"]
      if progress.runsDone > 0 { parts.append(String(format: "%.3g runs/s", Double(progress.runsDone) / seconds)) }
    }
    if progress.fraction > 0.01, seconds > 1 {
      let left = Int((seconds * (1 / progress.fraction - 1)).rounded(.up))
      let hours = left / 3600
      let rest = String(format: hours > 0 ? "%02d:%02d" : "%d:%02d", left / 60 % 60, left % 60)
      parts.append("\(hours > 0 ? "\(hours):" : "")\(rest) left")
    }
    return parts.joined(separator: ", ")
  }

  func clear() {
    if !shown.isEmpty { write("\r\u{1B}[K") }
    shown = ""
  }

  private func write(_ text: String) { _ = StandardStreams.write(text, to: 2) }
}
