internal import Foundation

/// Sees that no scenario goes on for ever.
public struct SwarmWatch: Sendable {
  let seconds: Double
  let tell: @Sendable (String) -> Void

  /// - Parameters:
  ///   - seconds: how long a scenario may take by the machine's clock, > 0.
  ///   - tell: told once, on a thread of its own, of the first that takes longer; whoever wants an end of it ends the
  ///     process.
  public init(seconds: Double, tell: @escaping @Sendable (String) -> Void) {
    self.seconds = seconds
    self.tell = tell
  }

  func begin(_ seed: UInt64, _ folder: String, _ only: String) -> SwarmWatching {
    let watching = SwarmWatching(self, seed, folder, only)
    let thread = Thread { watching.watch() }
    thread.start()
    return watching
  }
}

/// A watch that is on.
final class SwarmWatching: @unchecked Sendable {
  // Unchecked: the variables are read and written under the condition.
  private let condition = NSCondition()
  private let order: SwarmWatch
  private let seed: UInt64
  private let folder: String
  private let only: String
  /// Current activity of each thread, and the time at which it began.
  private var going: [ObjectIdentifier: (number: Int, note: String, since: Date)] = [:]
  private var isOver = false

  init(_ watch: SwarmWatch, _ seed: UInt64, _ folder: String, _ only: String) {
    order = watch
    self.seed = seed
    self.folder = folder
    self.only = only
  }

  /// The calling thread begins a scenario, or has ended it.
  func note(_ number: Int?, _ note: String = "") {
    condition.withLock { going[ObjectIdentifier(Thread.current)] = number.map { ($0, note, Date()) } }
  }

  func end() {
    condition.withLock {
      isOver = true
      condition.broadcast()
    }
  }

  func watch() {
    condition.lock()
    defer { condition.unlock() }
    while !isOver {
      let late = going.values.filter { -$0.since.timeIntervalSinceNow > order.seconds }
      if let late = late.min(by: { $0.number < $1.number }) {
        isOver = true
        return order.tell(text(late.number, late.note))
      }
      _ = condition.wait(until: Date(timeIntervalSinceNow: min(1, order.seconds / 4)))
    }
  }

  private func text(_ number: Int, _ note: String) -> String {
    """
    FAILED in scenario \(number) of seed \(seed): unfinished after \(order.seconds) s\(note.isEmpty ? "" : " (\(note))")
    kept: \(folder)/\(note.isEmpty ? "scenario" : "shrunk")-\(number)/scenario.yaml
    again: pylon swarm --seed \(seed) --from \(number) --runs 1\(only)
    """
  }
}

/// CPU time used by the process.
enum CPUTime {
  /// Sum over all threads, including the system's work for them.
  static var seconds: Double {
    var usage = rusage()
    // 0 is RUSAGE_SELF, whose type differs between systems.
    getrusage(0, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}
