import Domain
import Testing

@testable import Engine

@Suite struct QuadHeapTests {
  /// Against a sorted array, few and many elements, equal ones among them.
  @Test func givesTheLeastFirst() {
    var most = 0
    for seed in UInt64(1)...2000 {
      var random = TestRandom(seed: seed)
      var heap = QuadHeap<Int64>()
      var sorted: [Int64] = []
      let values = 1 + random.below(random.below(3) == 0 ? 5 : 1000)
      let grows = 1 + random.below(4)
      for _ in 0..<400 {
        if random.below(6) < grows || sorted.isEmpty {
          let value = Int64(random.below(values)) - 300
          heap.insert(value)
          sorted.insert(value, at: sorted.firstIndex { $0 > value } ?? sorted.endIndex)
        } else {
          heap.removeMin()
          sorted.removeFirst()
        }
        #expect(heap.min == sorted.first && heap.count == sorted.count, "seed \(seed)")
        most = max(most, sorted.count)
      }
      #expect(heap.unordered.sorted() == sorted, "seed \(seed)")
      heap.removeAll()
      #expect(heap.min == nil)
      heap.insert(7)
      heap.insert(5)
      #expect(heap.min == 5 && heap.count == 2)
    }
    #expect(most > 128)
  }
}
