import Foundation
import Testing

/// The scripts of the example workflow for GitHub, with a `gh` that writes down how it is called.
@Suite struct WorkflowExampleTests {
  private func script(_ step: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let text = try String(contentsOfFile: root + "/.github/examples/github-actions.yml", encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let head = try #require(lines.firstIndex(of: "      - name: \(step)"))
    let run = try #require(lines[head...].firstIndex(of: "        run: |"))
    let indent = String(repeating: " ", count: 10)
    return lines[(run + 1)...].prefix { $0.hasPrefix(indent) }.map { $0.dropFirst(10) + "\n" }.joined()
  }

  /// GitHub refuses a comment of more than 65,536 characters.
  @Test func aLongReportIsCutAtALine() throws {
    let workshop = try Workshop()
    let lines = (1...8000).map { "| line \($0) → ± |\n" }
    try workshop.write("pylon.md", lines.joined())
    try workshop.write("shorten.sh", try script("Shorten what was found"))
    #expect(try workshop.shell("GITHUB_STEP_SUMMARY=summary.md bash -e shorten.sh").status == 0)
    #expect(try workshop.read("summary.md") == lines.joined())
    let comment = try workshop.read("comment.md")
    let kept = comment.split(separator: "\n").count { $0.hasPrefix("| line") }
    #expect(comment.utf16.count < 65_536 && kept > 2000)
    let end = "\n… \(8000 - kept) more lines, see the artifact `pylon`\n"
    #expect(comment == "<!-- pylon -->\n" + lines[..<kept].joined() + end)
    try workshop.write("pylon.md", "### short\n")
    #expect(try workshop.shell("GITHUB_STEP_SUMMARY=summary.md bash -e shorten.sh").status == 0)
    #expect(try workshop.read("comment.md") == "<!-- pylon -->\n### short\n")
  }

  @Test func theCommentOfTheRunBeforeIsEdited() throws {
    let workshop = try Workshop()
    try workshop.write("comment.sh", try script("Comment on the pull request"))
    try workshop.write("gh", "#!/bin/sh\necho \"$*\" >> calls\ncase \"$*\" in *--paginate*) cat ids;; esac\n")
    for (ids, call) in [
      ("", "api --silent --method POST repos/o/r/issues/3/comments --field body=@comment.md"),
      ("17\n18\n", "api --silent --method PATCH repos/o/r/issues/comments/17 --field body=@comment.md"),
    ] {
      try workshop.write("ids", ids)
      let command = "chmod +x gh; PATH=$PWD:$PATH GITHUB_REPOSITORY=o/r NUMBER=3 bash -e comment.sh"
      #expect(try workshop.shell(command).status == 0)
      let calls = try workshop.read("calls").split(separator: "\n")
      #expect(calls.last.map(String.init) == call && calls.dropLast().last?.contains("<!-- pylon -->") == true)
    }
  }
}
