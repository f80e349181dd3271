package import Domain

/// An event whose middle a map of a report shows.
package struct ShownEvent: Sendable {
  package let span: Range<Instant>
  /// Such as `outage of SOUTH, running jobs fail, from Tue … to …`.
  let text: String

  /// - Parameter span: within the clock of the first replication.
  package init(span: Range<Instant>, text: String) {
    (self.span, self.text) = (span, text)
  }

  var middle: Instant {
    span.lowerBound + TimeSpan(milliseconds: (span.upperBound - span.lowerBound).milliseconds / 2)
  }
}
