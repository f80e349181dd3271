internal import Foundation
internal import Runs

/// Slurm could not be asked, or refused: the exit code is 3.
public struct SlurmError: Error, CustomStringConvertible {
  public var description: String
}

/// The tasks of a sweep that Slurm has, found by the name of their jobs: nothing about them is kept elsewhere.
struct SlurmQueue {
  struct Task {
    var job: String
    var shard: Shard
    /// `RUNNING`, `PENDING`, …
    var state: String
    /// Why it does not run; `None` where it does.
    var reason: String
  }

  let jobName: String

  /// - Parameters:
  ///   - sweep: the sweep's name, for people.
  ///   - folder: the sweep's, which tells it from others.
  init(sweep: String, folder: String) {
    let plain = sweep.unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar || scalar == "-") ? scalar : "-"
    }
    var name = "pylon-"
    name.unicodeScalars.append(contentsOf: plain.prefix(40))
    jobName = name + "-" + ContentHash.text(of: folder).prefix(8)
  }

  /// The tasks that are pending, running, or just ending.
  ///
  /// - Throws: ``SlurmError``.
  func tasks() throws(SlurmError) -> [Task] {
    let user = String(getuid())
    let text = try SlurmQueue.run(["squeue", "-h", "-r", "-u", user, "-n", jobName, "-o", "%F|%K|%T|%k|%r"])
    return text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 5, let shard = Shard(text: "\(cells[1])/\(cells[3])") else { return nil }
      return Task(job: cells[0], shard: shard, state: cells[2], reason: cells[4])
    }
  }

  /// Runs one of Slurm's programs and returns what it printed.
  static func run(_ arguments: [String]) throws(SlurmError) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let (out, errors) = (Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = errors
    do { try process.run() } catch {
      throw SlurmError(description: "cannot run \(arguments[0]): \(error.localizedDescription)")
    }
    // They print little on their error output, which fits into the pipe.
    let printed = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let reason =
        process.terminationStatus == 127
        ? "found no such program, expected Slurm on this machine"
        : complaint.split(separator: "\n").joined(separator: "; ")
      throw SlurmError(description: "\(arguments[0]): \(reason)")
    }
    return printed
  }
}
