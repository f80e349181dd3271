/// Elements in memory of their own, with bounds that debug builds check.
///
/// For what every event touches, where an array's checks of uniqueness and bounds cost more than the work. A constant
/// slab has constant bounds, but its elements can be written; only a variable one can grow.
@frozen @usableFromInline
package struct Slab<Element>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>
  @usableFromInline package var count: Int

  package init(repeating element: Element, count: Int) {
    precondition(count >= 0)
    base = .allocate(capacity: count)
    base.initialize(repeating: element, count: count)
    self.count = count
  }

  package init(_ elements: some Collection<Element>) {
    count = elements.count
    base = .allocate(capacity: count)
    for (index, element) in elements.enumerated() { (base + index).initialize(to: element) }
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  @inlinable
  package subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress {
      assert(index >= 0 && index < count, "an index beyond a slab")
      return UnsafePointer(base + index)
    }
    @inline(__always) nonmutating unsafeMutableAddress {
      assert(index >= 0 && index < count, "an index beyond a slab")
      return base + index
    }
  }

  /// The elements for a loop that writes them, which keeps this and need not load the slab's fields again.
  @inlinable @inline(__always)
  package var cells: SlabCells<Element> { SlabCells(base: base, count: count) }

  /// The elements for those that may not write them: good for as long as the slab lives and does not grow.
  package var view: SlabView<Element> { SlabView(base: UnsafePointer(base), count: count) }

  /// Adds copies of an element up to another count. O(count).
  package mutating func grow(to larger: Int, repeating element: Element) {
    precondition(larger >= count, "a slab does not shrink")
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    moved.moveInitialize(from: base, count: count)
    (moved + count).initialize(repeating: element, count: larger - count)
    base.deallocate()
    base = moved
    count = larger
  }
}

/// The elements of a ``Slab`` for those that may not write them.
@frozen @usableFromInline
package struct SlabView<Element> {
  @usableFromInline let base: UnsafePointer<Element>
  @usableFromInline package let count: Int

  init(base: UnsafePointer<Element>, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable
  package subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress {
      assert(index >= 0 && index < count, "an index beyond a slab")
      return base + index
    }
  }

  /// For vectorised loops.
  @inlinable package var pointer: UnsafePointer<Element> { base }
}

/// The elements of a ``Slab``: good for as long as the slab lives and does not grow.
@frozen @usableFromInline
package struct SlabCells<Element> {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  @usableFromInline let count: Int

  @inlinable @inline(__always)
  init(base: UnsafeMutablePointer<Element>, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable
  package subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress {
      assert(index >= 0 && index < count, "an index beyond a slab")
      return UnsafePointer(base + index)
    }
    @inline(__always) nonmutating unsafeMutableAddress {
      assert(index >= 0 && index < count, "an index beyond a slab")
      return base + index
    }
  }
}

/// One value in memory of its own: a constant of a class that can be written without checks of exclusivity.
@frozen @usableFromInline
package struct Cell<Value>: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Value>

  package init(_ value: Value) {
    base = .allocate(capacity: 1)
    base.initialize(to: value)
  }

  deinit {
    base.deinitialize(count: 1)
    base.deallocate()
  }

  @inlinable package var value: Value {
    @inline(__always) unsafeAddress { UnsafePointer(base) }
    @inline(__always) nonmutating unsafeMutableAddress { base }
  }
}
