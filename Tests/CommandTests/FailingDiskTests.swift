#if os(Linux)
  import Foundation
  import Testing

  /// A disk that does not keep what it was given: `fsync` fails, one call at a time.
  @Suite(.enabled(if: FileManager.default.fileExists(atPath: FailingDisk.compiler), "there is no C compiler"))
  struct FailingDiskTests {
    /// Whichever wait for the disk fails, the program says so and leaves with 3.
    @Test(arguments: [
      "trace import carbon.csv --kind carbon --out new.csv", "sweep run s.yaml --out sw --quiet",
    ]) func everyFailedWaitIsTold(_ line: String) throws {
      let disk = try FailingDisk()
      if line.hasPrefix("sweep") {
        try disk.workshop.write(
          "s.yaml", try disk.workshop.read("s.yaml") + "sweep: {grid: {zones.NORTH.pue: [1]}}\n")
      }
      let sound = try disk.run(line, failing: 0)
      #expect(sound.status == 0, "\(sound.error)")
      let calls = try disk.calls()
      try #require(!calls.isEmpty && calls.count < 40, "\(calls)")
      for (place, call) in calls.enumerated() where !call.isOfSQLite {
        try disk.clean()
        let outcome = try disk.run(line, failing: place + 1)
        #expect(
          outcome.status == 3 && outcome.error.contains("Input/output error"),
          "call \(place + 1) for \(call.path): \(outcome.status) \(outcome.error)")
      }
    }
  }

  /// A workshop whose programs call an `fsync` that counts, and fails where it is told to.
  private final class FailingDisk {
    static let compiler = "/usr/bin/cc"
    let workshop: Workshop

    private static let source = """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <errno.h>
      #include <fcntl.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <unistd.h>
      int fsync(int file) {
        static int count;
        char link[64], path[4096];
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, path, sizeof path - 1);
        path[length < 0 ? 0 : length] = 0;
        FILE *log = fopen(getenv("FSYNC_LOG"), "a");
        if (log) { fprintf(log, "%s\\n", path); fclose(log); }
        if (__sync_add_and_fetch(&count, 1) == atoi(getenv("FSYNC_FAILS"))) { errno = EIO; return -1; }
        return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
      }
      """

    struct Call {
      var path: String
      var isOfSQLite: Bool { path.hasSuffix("-journal") || path.contains(".sqlite") }
    }

    init() throws {
      workshop = try Workshop()
      try workshop.write("fsync.c", FailingDisk.source)
      let made = try workshop.shell("\(FailingDisk.compiler) -shared -fPIC -o fsync.so fsync.c -ldl")
      try #require(made.status == 0, "\(made.error)")
    }

    func run(_ line: String, failing call: Int) throws -> Outcome {
      try workshop.write("log", "")
      return try workshop.shell(
        "FSYNC_LOG=$PWD/log FSYNC_FAILS=\(call) LD_PRELOAD=$PWD/fsync.so $pylon \(line)")
    }

    func calls() throws -> [Call] { try workshop.read("log").split(separator: "\n").map { Call(path: String($0)) } }

    func clean() throws {
      for name in ["new.csv", "sw"] { try? FileManager.default.removeItem(atPath: "\(workshop.path)/\(name)") }
    }
  }
#endif
