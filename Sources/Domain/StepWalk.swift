/// A walk over the steps of a ``StepView``, from the one that holds at an instant on; O(1) a step.
@frozen @usableFromInline
package struct StepWalk {
  @usableFromInline let view: StepView
  @usableFromInline var index: Int
  @usableFromInline var offset: Int64
  /// The step's stamp; the step that holds before the first stamp of a trace has that first stamp.
  @usableFromInline package var start: Int64
  /// End of the step: `Int64.max` for a last step that holds for ever.
  @usableFromInline package var end: Int64
  @usableFromInline package var value: Double

  package init(_ view: StepView, at instant: Instant) {
    self.view = view
    let (inside, periods) = view.folded(instant.milliseconds)
    index = view.index(of: inside)
    offset = periods * view.period
    start = 0
    end = 0
    value = 0
    settle()
  }

  /// To the next step; not past the last one of a trace that ends.
  @inlinable @inline(__always) package mutating func advance() {
    index += 1
    if index == view.count {
      precondition(view.extending == .wrap, "a walk went past the end of a trace")
      // What repeats may begin within a step.
      offset += view.period
      index = view.index(of: view.last - view.period)
    }
    settle()
  }

  /// Goes on by so many steps of those that lie in a row.
  mutating func skip(_ steps: Int) {
    index += steps
    settle()
  }

  @inlinable @inline(__always) mutating func settle() {
    let step = view.steps + index
    start = step.pointee.start + offset
    value = step.pointee.value
    if index + 1 < view.count {
      end = (step + 1).pointee.start + offset
    } else {
      end = view.extending == .hold ? .max : view.last + offset
    }
  }
}
