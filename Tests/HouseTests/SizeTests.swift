import Testing

/// Files that can be read in one sitting. The width of lines is the formatter's to check.
@Suite struct SizeTests {
  @Test func files() throws {
    let files = try House.files("Sources") + House.files("Tests")
    for file in files { #expect(file.lines.count <= 501, "\(file.path): \(file.lines.count) lines") }
    let lengths = files.filter { $0.path.hasPrefix("Sources/") }.map(\.lines.count).sorted()
    #expect(lengths[lengths.count / 2] <= 150, "the median length of a file")
  }
}
