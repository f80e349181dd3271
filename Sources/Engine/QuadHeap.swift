/// A heap with four children a node, least first, over a slab. Insertion and removal O(log n).
///
/// For what every job passes through: half the time of a min-max heap over an array, which looks at grandchildren and
/// checks who else holds the array. Elements that are equal come out in no promised order.
@frozen @usableFromInline
package struct QuadHeap<Element: Comparable & BitwiseCopyable>: ~Copyable {
  @usableFromInline var elements: Slab<Element>
  @usableFromInline package var count = 0

  package init() { elements = Slab([]) }

  /// The least element.
  @inlinable package var min: Element? {
    @inline(__always) get { count > 0 ? elements[0] : nil }
  }

  /// The least element; there must be one.
  @inlinable package var least: Element {
    @inline(__always) get {
      assert(count > 0, "the least element of an empty heap")
      return elements[0]
    }
  }

  /// All there are, in no promised order.
  @inlinable
  package var unordered: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: elements.base, count: count) }

  @inlinable
  package mutating func insert(_ element: Element) {
    if count == elements.count { grow(element) }
    let elements = elements.cells
    var at = count
    count &+= 1
    while at > 0 {
      let parent = (at &- 1) &>> 2
      let above = elements[parent]
      if above <= element { break }
      elements[at] = above
      at = parent
    }
    elements[at] = element
  }

  /// Takes the least element out.
  @inlinable
  package mutating func removeMin() {
    precondition(count > 0, "a removal from an empty heap")
    let (elements, count) = (elements.cells, count &- 1)
    self.count = count
    let moved = elements[count]
    var at = 0
    while true {
      let child = 4 &* at &+ 1
      guard child < count else { break }
      let least = child &+ 3 < count ? leastOfFour(child) : leastOfFew(child)
      let below = elements[least]
      if moved <= below { break }
      elements[at] = below
      at = least
    }
    elements[at] = moved
  }

  @inlinable package mutating func removeAll() { count = 0 }

  /// Removes the elements for which `isGone` holds and returns how many there were. O(n log n).
  package mutating func removeAll(where isGone: (Element) -> Bool) -> Int {
    let kept = unordered.filter { !isGone($0) }
    let removed = count - kept.count
    count = 0
    for element in kept { insert(element) }
    return removed
  }

  /// Two pairs, then their lesser ones: without a branch that depends on the elements.
  @inlinable @inline(__always)
  func leastOfFour(_ child: Int) -> Int {
    let left = elements[child &+ 1] < elements[child] ? child &+ 1 : child
    let right = elements[child &+ 3] < elements[child &+ 2] ? child &+ 3 : child &+ 2
    return elements[right] < elements[left] ? right : left
  }

  @inlinable @inline(__always)
  func leastOfFew(_ child: Int) -> Int {
    var least = child
    var other = child &+ 1
    while other < count {
      if elements[other] < elements[least] { least = other }
      other &+= 1
    }
    return least
  }

  @usableFromInline
  mutating func grow(_ element: Element) { elements.grow(to: Swift.max(64, 2 * count), repeating: element) }
}
