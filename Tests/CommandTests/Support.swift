import BuiltProgram
import Foundation
import Testing

/// What a process said and how it left.
struct Outcome {
  var status: Int32
  var out: String
  var error: String
}

/// A directory of a test's own with a small scenario that runs, and the built program.
final class Workshop {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path
  static let scenario = """
    name: small
    clock: {start: 2020-01-06T00:00:00Z, duration: 1d}
    zones:
      - {code: NORTH, coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 8, memory_gb: 32, gpus: 2}}
      - {code: SOUTH, coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 8, memory_gb: 32, gpus: 2}}
    grid:
      carbon: {file: carbon.csv}
      price: {constant: 0.2}
    workload: {file: jobs.csv}
    policies: [standard, greedy-lowest-carbon]

    """
  static let jobs = """
    job_id,submitted_at,duration_s,required_cpu_cores,deadline,estimated_energy_kwh
    a,2020-01-06T00:00Z,3600,4,,2
    b,2020-01-06T00:30Z,3600,8,2020-01-06T06:00Z,4
    c,2020-01-06T01:00Z,1800,2,,1

    """
  static let carbon =
    "datetime,NORTH,SOUTH\n"
    + (0..<24).map { "2020-01-06T\($0 < 10 ? "0" : "")\($0):00Z,\(100 + $0),\(200 - $0)\n" }.joined()

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try write("s.yaml", Workshop.scenario)
    try write("jobs.csv", Workshop.jobs)
    try write("carbon.csv", Workshop.carbon)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func change(_ name: String, _ old: String, _ new: String) throws {
    let text = try read(name)
    try #require(text.contains(old))
    try write(name, text.replacing(old, with: new))
  }

  func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

  func names(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + folder).sorted()
  }

  /// The program, which the build leaves beside the tests.
  static let program = BuiltProgram.path

  /// Starts a program here. Its output goes to files: a pipe that nobody reads would stop it.
  func start(_ arguments: [String], program: String = Workshop.program, tag: String = "0") throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.standardInput = FileHandle.nullDevice
    for name in ["out", "err"] {
      try write("\(name)-\(tag).txt", "")
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/\(name)-\(tag).txt"))
      if name == "out" { process.standardOutput = file } else { process.standardError = file }
    }
    try process.run()
    return process
  }

  func finish(_ process: Process, tag: String = "0") throws -> Outcome {
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, out: try read("out-\(tag).txt"), error: try read("err-\(tag).txt"))
  }

  func run(_ arguments: [String]) throws -> Outcome { try finish(try start(arguments)) }

  /// Runs the scenario into `out`.
  func simulate(_ more: String...) throws -> Outcome { try run(["run", "s.yaml", "--out", "out"] + more) }

  /// A line of the shell, with the program as `$pylon`.
  func shell(_ line: String) throws -> Outcome {
    try finish(try start(["-c", "pylon='\(Workshop.program)'; " + line], program: "/bin/sh"))
  }

  /// That nothing was left of a run that could not be.
  func expectNothingWritten(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!FileManager.default.fileExists(atPath: path + "/out"), sourceLocation: sourceLocation)
  }
}
