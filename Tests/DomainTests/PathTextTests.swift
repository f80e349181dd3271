import Testing

@testable import Domain

@Suite struct PathTextTests {
  @Test(arguments: [
    ("a", ".", "a"), ("a/b", "a", "b"), ("/a", "/", "a"), ("a/b/", "a", "b"), ("/", "/", ""), ("", ".", ""),
    ("a/\u{301}b", "a", "\u{301}b"), ("../\u{301}x", "..", "\u{301}x"), ("//", "/", ""),
  ]) func partsOfAPath(path: String, parent: String, name: String) {
    #expect(Array(path.pathParent.utf8) == Array(parent.utf8), "\(path.pathParent)")
    #expect(Array(path.lastPathName.utf8) == Array(name.utf8), "\(path.lastPathName)")
  }

  @Test func pathsAreComparedByBytes() {
    #expect("/\u{301}a".isAbsolutePath && "x/\u{301}".hasSlash && !"x".hasSlash)
    #expect("/a/\u{301}b".isPath(inside: "/a") && !"/ab".isPath(inside: "/a") && !"/a".isPath(inside: "/a"))
    #expect("/x".path(in: "d") == "/x" && "x".path(in: "d") == "d/x" && "x".path(in: "") == "x")
  }
}
