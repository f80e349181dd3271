import Foundation
import Testing

@testable import Runs

@Suite struct OrderedWorkTests {
  private struct Fault: Error, Equatable { var index: Int }

  /// Counts under a lock, from any thread.
  private final class Tally: @unchecked Sendable {
    // Unchecked: `seen` is used under `lock`.
    private let lock = NSLock()
    private var seen: [Int] = []

    func add(_ index: Int) { lock.withLock { seen.append(index) } }
    var all: [Int] { lock.withLock { seen } }
  }

  /// Early pieces take longest, so they finish last; they are handed over first all the same, each once.
  @Test(arguments: [1, 2, 3, 8, 50])
  func piecesAreDeliveredInOrder(threads: Int) throws {
    var delivered: [Int] = []
    let begun = Tally()
    let work = OrderedWork<Int>(count: 40, mayBegin: { $0 < 12 }) { index, work in
      begun.add(index)
      if index % 7 == 0 { Thread.sleep(forTimeInterval: 0.01) }
      return index * index
    } deliver: { index, value in
      #expect(value == index * index)
      delivered.append(index)
      return true
    }
    try work.run(threads: threads)
    #expect(delivered == Array(0..<40))
    #expect(begun.all.sorted() == Array(0..<40))
  }

  /// The work stops behind the piece that was the last one wanted, also where later ones fail before it is delivered.
  @Test(arguments: [1, 2, 8])
  func stopsBehindTheLastOneWanted(threads: Int) throws {
    var delivered: [Int] = []
    let work = OrderedWork<Int>(count: 1000) { index, _ in
      if index == 9 { Thread.sleep(forTimeInterval: 0.02) }
      if index > 9 { throw Fault(index: index) }
      return index
    } deliver: { index, _ in
      delivered.append(index)
      return index < 9
    }
    try work.run(threads: threads)
    #expect(delivered == Array(0...9))
  }

  /// The failure told is that of the first piece in order, though a later one failed sooner.
  @Test(arguments: [1, 2, 8])
  func theFirstFailureInOrderIsTold(threads: Int) throws {
    var delivered: [Int] = []
    let work = OrderedWork<Int>(count: 100) { index, work in
      if index == 3 { Thread.sleep(forTimeInterval: 0.02) }
      guard work.isWanted(index) else { throw Fault(index: -1) }
      if index >= 3 { throw Fault(index: index) }
      return index
    } deliver: { index, _ in
      delivered.append(index)
      return true
    }
    #expect(throws: Fault(index: 3)) { try work.run(threads: threads) }
    #expect(delivered == [0, 1, 2])
  }

  @Test(arguments: [1, 4])
  func aFailedDeliveryStopsTheWork(threads: Int) throws {
    let work = OrderedWork<Int>(count: 100) { index, _ in
      index
    } deliver: { index, _ in
      if index == 5 { throw Fault(index: index) }
      return true
    }
    #expect(throws: Fault(index: 5)) { try work.run(threads: threads) }
  }
}
