internal import Foundation

/// Numbered pieces of work done on several threads and handed over in order, whichever is done first.
///
/// `perform` is called for 0, 1, 2, … on any thread; `deliver` for 0, 1, 2, … on one thread at a time, so that what it
/// writes knows nothing of the number of threads. A piece that fails stops those behind it; the failure told is that of
/// the first piece in order, as on one thread.
package final class OrderedWork<Output>: @unchecked Sendable {
  // Unchecked: every variable is read and written under `condition`, except within `deliver`, which one thread at a
  // time is in (`isDelivering`).
  private let condition = NSCondition()
  private let count: Int
  /// The work on a piece and its delivery; `nil` after the work is over, see ``run(threads:)``.
  private var tasks: Tasks?
  private var next = 0
  /// The piece that is to be delivered next: all before it have been.
  private var head = 0
  private var waiting: [Int: Output] = [:]
  private var isDelivering = false
  /// Pieces from here on are not wanted: the work is complete, or an earlier piece has failed.
  private var limit: Int
  private var failure: (index: Int, error: any Error)?

  private struct Tasks {
    let perform: @Sendable (Int, OrderedWork<Output>) throws -> Output
    let deliver: (Int, Output) throws -> Bool
    let mayBegin: (_ ahead: Int) -> Bool
  }

  /// - Parameters:
  ///   - count: how many pieces there are at most.
  ///   - mayBegin: whether one more may be begun that is so many pieces ahead of the next delivery (> 0).
  ///   - perform: does a piece; it may ask whether it is still wanted or the next to be delivered.
  ///   - deliver: takes a piece; false where it was the last one wanted.
  package init(
    count: Int, mayBegin: @escaping (_ ahead: Int) -> Bool = { _ in true },
    perform: @escaping @Sendable (Int, OrderedWork<Output>) throws -> Output,
    deliver: @escaping (Int, Output) throws -> Bool
  ) {
    self.count = count
    limit = count
    tasks = Tasks(perform: perform, deliver: deliver, mayBegin: mayBegin)
  }

  /// Does the work, once, and returns when all threads are done. Nothing that was given to it or made by it is held
  /// from then on, though a thread that is just ending may hold the work itself a little longer: files that are
  /// removed with their last owner must be gone when the caller goes on.
  ///
  /// - Parameter threads: with one, all is done by the calling thread.
  /// - Throws: what the first piece in order threw.
  package func run(threads: Int) throws {
    precondition(tasks != nil, "the work has been done already")
    defer {
      tasks = nil
      waiting = [:]
    }
    if threads <= 1 {
      worker()
    } else {
      let group = DispatchGroup()
      var started = 0
      for _ in 0..<min(threads, count) {
        group.enter()
        let isRunning = WorkerThread.start {
          self.worker()
          group.leave()
        }
        guard isRunning else {
          group.leave()
          break
        }
        started += 1
      }
      // A system without a thread to spare has fewer at work, or this one alone: the result is the same.
      if started == 0 { worker() }
      group.wait()
    }
    if let failure { throw failure.error }
  }

  /// True if a piece is the next to be delivered: all pieces before it have been.
  package func isNext(_ index: Int) -> Bool { locked { head == index } }

  /// True if a piece is still wanted.
  package func isWanted(_ index: Int) -> Bool { locked { index < limit } }

  /// Lets threads ask anew whether they may begin.
  package func wake() { locked { condition.broadcast() } }

  private func locked<Value>(_ work: () -> Value) -> Value {
    condition.lock()
    defer { condition.unlock() }
    return work()
  }

  /// Not inlined: it must have let go of the tasks when the thread says that it is done.
  @inline(never)
  private func worker() {
    guard let tasks else { return }
    while let index = take(tasks.mayBegin) {
      do {
        let output = try tasks.perform(index, self)
        locked { waiting[index] = output }
        deliverWhatIsReady(tasks.deliver)
      } catch {
        fail(index, error)
      }
    }
  }

  /// The next piece to be done; `nil` where none is left.
  private func take(_ mayBegin: (_ ahead: Int) -> Bool) -> Int? {
    condition.lock()
    defer { condition.unlock() }
    // The piece that is next to be delivered may always begin, so somebody is always at work.
    while next < limit, next > head, !mayBegin(next - head) { condition.wait() }
    guard next < limit else { return nil }
    next += 1
    return next - 1
  }

  private func deliverWhatIsReady(_ deliver: (Int, Output) throws -> Bool) {
    while let (index, output) = takeReady() {
      var goesOn = false
      do { goesOn = try deliver(index, output) } catch { fail(index, error) }
      locked {
        isDelivering = false
        if goesOn { head = index + 1 } else { stop(at: index) }
        condition.broadcast()
      }
    }
  }

  /// A later failure is that of a piece that was not wanted in the end.
  private func stop(at index: Int) {
    limit = min(limit, index + 1)
    if let failure, failure.index > index { self.failure = nil }
  }

  private func takeReady() -> (Int, Output)? {
    locked {
      guard !isDelivering, head < limit, let output = waiting.removeValue(forKey: head) else { return nil }
      isDelivering = true
      return (head, output)
    }
  }

  private func fail(_ index: Int, _ error: any Error) {
    locked {
      if index < failure?.index ?? Int.max, index < limit { failure = (index, error) }
      limit = min(limit, index)
      condition.broadcast()
    }
  }
}
