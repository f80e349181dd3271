extension StepView {
  /// Length of an even step in milliseconds; 0 where the steps are uneven or there is but one.
  package var evenStep: Int64 { count > 1 ? even : 0 }
}
