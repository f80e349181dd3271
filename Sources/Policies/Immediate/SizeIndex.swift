internal import Domain
internal import Engine

/// Waiting jobs, first in, first out, that can be asked for the first one that fits into a free capacity: a segment
/// tree over the queue, whose nodes hold the least demand of the jobs below them, resource by resource.
///
/// Adding and taking out O(log n), amortized. A look O(log n) where one resource decides; where jobs that ask for much
/// of one resource stand among jobs that ask for much of another it may go down in vain, O(n) at the worst.
struct SizeIndex: ~Copyable {
  /// Node 1 is the root, node n's children are 2n and 2n + 1, the leaf of place p is node `capacity` + p.
  private var least = Slab(repeating: SizeIndex.nothing, count: 128)
  private var jobs = Slab(repeating: JobID(slot: 0), count: 64)
  private var capacity: Int { jobs.count }
  /// Places in use, taken-out jobs among them.
  private(set) var end = 0
  private(set) var count = 0

  /// More than any capacity: the leaf of no job.
  private static let nothing = Resources(milliCores: .max, milliGigabytes: .max, milliGPUs: .max)

  var isEmpty: Bool { count == 0 }

  /// The job of a place that ``first(from:fitting:)`` gave.
  func job(at place: Int) -> JobID { jobs[place] }

  mutating func append(_ job: JobID, _ demand: Resources) {
    if end == capacity { rebuild() }
    jobs[end] = job
    var node = capacity + end
    least[node] = demand
    node >>= 1
    while node > 0 {
      least[node] = least[node].smaller(demand)
      node >>= 1
    }
    end += 1
    count += 1
  }

  /// Takes out the job of a place; the other places stay.
  mutating func remove(at place: Int) {
    precondition(place < end && least[capacity + place] != SizeIndex.nothing, "no job at this place")
    least[capacity + place] = SizeIndex.nothing
    var node = (capacity + place) >> 1
    while node > 0 {
      least[node] = least[2 * node].smaller(least[2 * node + 1])
      node >>= 1
    }
    count -= 1
    if count == 0 { end = 0 }
  }

  /// Takes out a job, if it is there. O(places).
  mutating func remove(_ job: JobID) {
    for place in 0..<end where least[capacity + place] != SizeIndex.nothing && jobs[place] == job {
      return remove(at: place)
    }
  }

  /// The first place from `start` on whose job fits; `nil` where there is none. Places hold until the next append.
  func first(from start: Int, fitting free: Resources) -> Int? {
    guard start < end else { return nil }
    var node = capacity + start
    while true {
      if free.holds(least[node]) {
        guard node < capacity else { return node - capacity }
        node *= 2
        continue
      }
      // To the next subtree on the right: up past right children, then across.
      while node & 1 == 1 {
        node >>= 1
        if node == 0 { return nil }
      }
      node += 1
    }
  }

  /// Closes the gaps; doubles where more than half of the places hold a job.
  private mutating func rebuild() {
    let size = count > capacity / 2 ? 2 * capacity : capacity
    let largerLeast = Slab(repeating: SizeIndex.nothing, count: 2 * size)
    let largerJobs = Slab(repeating: JobID(slot: 0), count: size)
    let (tree, kept) = (largerLeast.cells, largerJobs.cells)
    var place = 0
    for old in 0..<end where least[capacity + old] != SizeIndex.nothing {
      kept[place] = jobs[old]
      tree[size + place] = least[capacity + old]
      place += 1
    }
    for node in stride(from: size - 1, to: 0, by: -1) { tree[node] = tree[2 * node].smaller(tree[2 * node + 1]) }
    least = largerLeast
    jobs = largerJobs
    end = place
  }
}
