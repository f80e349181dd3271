import Testing

/// Doc comments begin with what a thing is or does.
@Suite struct ProseTests {
  private static let banned = ["What ", "Whether ", "Where ", "Of ", "The same "]

  /// A few remain where the phrase reads well; new ones are rewritten.
  @Test func openingsOfDocComments() throws {
    var found: [String] = []
    for file in try House.files("Sources") {
      var isInside = false
      // The search of deadline-aware keeps its comments until it is a target with better names.
      if file.path.hasPrefix("Sources/Policies/DeadlineAware/") { continue }
      for (index, line) in file.lines.enumerated() {
        let text = line.drop { $0 == " " }
        let isComment = text.hasPrefix("///")
        defer { isInside = isComment }
        guard isComment, !isInside else { continue }
        let words = text.dropFirst(3).drop { $0 == " " }
        if ProseTests.banned.contains(where: { words.hasPrefix($0) }) { found.append("\(file.path):\(index + 1)") }
      }
    }
    #expect(found.count < 20, "\(found.count) doc comments begin with What, Whether, …: \(found.prefix(30))")
  }
}
