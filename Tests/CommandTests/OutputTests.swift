import Foundation
import Testing

/// Contract §7: what stops the work otherwise leaves with 3; what stood there before still does.
@Suite struct OutputTests {
  @Test(arguments: [
    ("s.yaml/x", "pylon: cannot write to s.yaml/x: Not a directory\n"),
    ("/proc/x", "pylon: cannot write to /proc/x: No such file or directory\n"),
    ("s.yaml", "pylon: cannot write to s.yaml: Not a directory\n"),
  ]) func anUnwritableFolder(folder: String, message: String) throws {
    guard FileManager.default.fileExists(atPath: "/proc/self") || folder != "/proc/x" else { return }
    let workshop = try Workshop()
    let outcome = try workshop.run(["run", "s.yaml", "--out", folder])
    #expect(outcome.status == 3 && outcome.error == message && outcome.out.isEmpty)
  }

  @Test(arguments: ["results.sqlite", "metrics.csv", "jobs.csv", "zones.csv"])
  func aDirectoryWhereAFileShouldGo(name: String) throws {
    let workshop = try Workshop()
    try FileManager.default.createDirectory(
      atPath: workshop.path + "/out/" + name, withIntermediateDirectories: true)
    let outcome = try workshop.simulate()
    #expect(outcome.status == 3 && outcome.error == "pylon: cannot replace out/\(name): it is a directory\n")
    #expect(try workshop.names("out") == [name])
  }

  @Test func aFileWhereTheFiguresShouldGo() throws {
    let workshop = try Workshop()
    try FileManager.default.createDirectory(atPath: workshop.path + "/out", withIntermediateDirectories: true)
    try workshop.write("out/plots", "")
    let outcome = try workshop.simulate()
    #expect(outcome.status == 3 && outcome.error == "pylon: cannot write to out/plots: Not a directory\n")
    #expect(try workshop.names("out") == ["plots"])
  }

  /// A limit on the size of files stands for a full disk: the write fails half-way.
  @Test(arguments: [4, 150]) func aDiskThatFills(kilobytes: Int) throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate().status == 0)
    let before = try workshop.read("out/jobs.csv")
    let plots = try workshop.names("out/plots")
    try workshop.write(
      "jobs.csv",
      "job_id,submitted_at,duration_s\n" + (0..<3000).map { "j\($0),2020-01-06T01:00Z,60\n" }.joined())
    let outcome = try workshop.shell(
      "ulimit -f \(kilobytes * 2); exec $pylon run s.yaml --out out")
    #expect(outcome.status == 3)
    let messages = [
      "pylon: cannot write out/jobs.csv: File too large\n", "pylon: cannot write results.sqlite: disk I/O error\n",
    ]
    #expect(messages.contains(outcome.error), "\(outcome.error)")
    #expect(try workshop.read("out/jobs.csv") == before)
    #expect(try workshop.names("out") == ["jobs.csv", "metrics.csv", "plots", "results.sqlite", "zones.csv"])
    #expect(try workshop.names("out/plots") == plots && plots.contains { $0.hasPrefix("map-") })
  }

  /// A real one, where the machine lets us mount it.
  @Test func aSmallFileSystem() throws {
    let workshop = try Workshop()
    try FileManager.default.createDirectory(atPath: workshop.path + "/disk", withIntermediateDirectories: false)
    let probe = try workshop.shell("unshare -m mount -t tmpfs -o size=256k none disk")
    guard probe.status == 0 else {
      print("skipped: no file system can be mounted here")
      return
    }
    try workshop.write(
      "jobs.csv",
      "job_id,submitted_at,duration_s\n" + (0..<3000).map { "j\($0),2020-01-06T01:00Z,60\n" }.joined())
    let line = "mount -t tmpfs -o size=256k none disk && $pylon run s.yaml --out disk/out; s=$?; ls -A disk; exit $s"
    let outcome = try workshop.shell("export pylon; unshare -m sh -c '\(line)'")
    #expect(outcome.status == 3 && outcome.out.isEmpty)
    let messages = [
      "pylon: cannot write disk/out/jobs.csv: No space left on device\n",
      "pylon: cannot write results.sqlite: database or disk is full\n",
    ]
    #expect(messages.contains(outcome.error), "\(outcome.error)")
  }

  /// A table would take the place of what it is made of.
  @Test func theScenariosOwnFilesStay() throws {
    let workshop = try Workshop()
    let before = try workshop.read("jobs.csv")
    let outcome = try workshop.run(["run", "s.yaml", "--out", "."])
    #expect(outcome.status == 2 && outcome.error.contains("replace the scenario's"), "\(outcome.error)")
    #expect(try workshop.read("jobs.csv") == before)
    #expect(try workshop.names() == ["carbon.csv", "err-0.txt", "jobs.csv", "out-0.txt", "s.yaml"])
  }

  @Test func aResultThatItsOwnPageWouldReplace() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate().status == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: workshop.path + "/out/results.sqlite"))
    for command in ["report R -o R", "replay R -o R", "plot R --chart savings -o R"] {
      let outcome = try workshop.run(
        command.replacing("R", with: "out/results.sqlite").split(separator: " ").map(String.init))
      #expect(outcome.status == 2 && outcome.error.contains("which is the input file"), "\(command): \(outcome.error)")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: workshop.path + "/out/results.sqlite")) == before)
    for other in ["a.csv", "./a.csv", "out/../a.csv", workshop.path + "/a.csv"] {
      let same = "trace generate --synthetic gb-14 --start 2020-01-01 --duration 1d --out a.csv --price \(other)"
      let outcome = try workshop.run(same.split(separator: " ").map(String.init))
      #expect(outcome.status == 2 && outcome.error.contains("--price: found \(other)"), "\(other): \(outcome.error)")
    }
    #expect(try !workshop.names().contains("a.csv"))
  }

  /// A renamed file would take the place of a pipe or a device.
  @Test func whatIsNoPlainFileStays() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate().status == 0)
    for name in ["pipe", "pipe.svg", "pipe.png"] { #expect(mkfifo(workshop.path + "/" + name, 0o600) == 0) }
    for command in [
      "report out/results.sqlite -o pipe",
      "trace import carbon.csv --out pipe", "plot out/results.sqlite --chart savings -o pipe.svg",
    ] {
      let outcome = try workshop.run(command.split(separator: " ").map(String.init))
      let isTold =
        outcome.error.contains("pipe: it is not a regular file") || outcome.error.contains("pipe.svg: it is not")
      #expect(outcome.status == 3 && isTold, "\(command): \(outcome.error)")
    }
    try workshop.write("rsvg-convert", "#!/bin/sh\necho made > \"$4\"\n")
    let made = try workshop.shell(
      "chmod +x rsvg-convert; PATH=$PWD:$PATH \"$pylon\" plot out/results.sqlite --chart savings -o pipe.png")
    #expect(made.status == 3 && made.error.contains("pipe.png: it is not a regular file"), "\(made.error)")
    var found = stat()
    #expect(lstat(workshop.path + "/pipe", &found) == 0 && found.st_mode & S_IFMT == S_IFIFO)
    #expect(try workshop.names().filter { $0.contains("pipe") } == ["pipe", "pipe.png", "pipe.svg"])
  }

  @Test func aFullDiskBehindTheStandardOutput() throws {
    let workshop = try Workshop()
    let outcome = try workshop.shell("exec $pylon policies > /dev/full")
    #expect(outcome.status == 3)
    #expect(outcome.error == "pylon: cannot write to standard output: No space left on device\n")
  }
}
