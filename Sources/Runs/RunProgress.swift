internal import Foundation

/// How far the work is.
public struct RunProgress: Sendable {
  public var runsDone: Int
  /// At most, where replications go on until an interval is narrow enough.
  public var runs: Int
  /// The policy of the run that told last.
  public var policy: String
  /// Fraction of all the work that is done, 0...1; every run counts the same.
  public var fraction: Double

  package init(runsDone: Int, runs: Int, policy: String, fraction: Double) {
    (self.runsDone, self.runs, self.policy, self.fraction) = (runsDone, runs, policy, fraction)
  }
}

/// Adds up what the runs tell, on any thread.
package final class ProgressTally: @unchecked Sendable {
  // Unchecked: the variables are used under `lock`, and `tell` is called under it.
  private let lock = NSLock()
  private let runs: Int
  private let tell: (RunProgress) -> Void
  private var done = 0
  private var underWay: [Int: Double] = [:]

  package init(runs: Int, tell: @escaping (RunProgress) -> Void) {
    self.runs = runs
    self.tell = tell
  }

  package func note(_ index: Int, _ policy: String, _ fraction: Double) {
    lock.withLock {
      underWay[index] = fraction
      report(policy)
    }
  }

  package func finished(_ index: Int, _ policy: String) {
    lock.withLock {
      underWay[index] = nil
      done += 1
      report(policy)
    }
  }

  private func report(_ policy: String) {
    // Which thread told first changes the last digit of the sum, which nobody sees.
    let part = underWay.values.reduce(Double(done), +)
    tell(RunProgress(runsDone: done, runs: runs, policy: policy, fraction: part / Double(runs)))
  }
}
