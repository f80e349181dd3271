internal import Domain
internal import Foundation

/// A result that could not be written: the exit code is 3.
public struct OutputError: Error, CustomStringConvertible {
  public var description: String
}

/// The tables of a scenario. They are written beside their place under other names and take their final names only
/// when all are complete.
final class ResultFiles {
  private let folder: String
  private let partial: String
  private var finished = false
  private var jobs: FileHandle

  init(folder: String) throws {
    self.folder = folder
    partial = folder + "/.pylon-partial-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
    } catch {
      throw OutputError(description: "cannot write to \(folder): \(error.localizedDescription)")
    }
    let path = partial + "/jobs.csv"
    guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path)
    else { throw OutputError(description: "cannot write \(path)") }
    jobs = handle
    try jobs.write(
      contentsOf: Data(
        ("run_id,id,job_id,workload_type,status,urgency,chosen_grid_zone,recommended_grid_zone_id,"
          + "recommended_2_grid_zone_id,recommended_3_grid_zone_id,submitted_at,deadline,actual_start,actual_end,"
          + "energy_kwh,carbon_emitted_kg,cost_gbp\n").utf8))
  }

  deinit {
    if !finished { try? FileManager.default.removeItem(atPath: partial) }
  }

  func jobRows(run: Int, zones: [Zone], identifiers: [String]) throws -> JobRows {
    JobRows(run: run, zones: zones, identifiers: identifiers, file: jobs)
  }

  /// - Parameter database: writes the SQLite file to the path it is given.
  func finish(runs: [RunResult], seed: UInt64, database: (String) throws -> Void) throws {
    var text = "run_id,policy,replication,seed," + (runs.first?.figures.map(\.name).joined(separator: ",") ?? "") + "\n"
    for (index, run) in runs.enumerated() {
      let values = run.figures.map { $0.value.map(number) ?? "" }.joined(separator: ",")
      text += "\(index + 1),\(run.policy),1,\(seed),\(values)\n"
    }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: partial + "/metrics.csv"))
      try database(partial + "/results.sqlite")
      try jobs.synchronize()
      try jobs.close()
      for name in ["jobs.csv", "metrics.csv", "results.sqlite"] {
        guard rename(partial + "/" + name, folder + "/" + name) == 0 else {
          throw OutputError(description: "cannot replace \(folder)/\(name): \(String(cString: strerror(errno)))")
        }
      }
      try FileManager.default.removeItem(atPath: partial)
    } catch let error as OutputError {
      throw error
    } catch {
      throw OutputError(description: "cannot write to \(folder): \(error)")
    }
    finished = true
  }

  /// The shortest text that reads back as the same number; whole numbers without a fraction.
  private func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
  }
}

/// Writes the rows of one run as its records come.
final class JobRows: RecordSink {
  private let run: Int
  private let zones: [Zone]
  private let identifiers: [String]
  private let file: FileHandle
  private var buffer = ""

  init(run: Int, zones: [Zone], identifiers: [String], file: FileHandle) {
    self.run = run
    self.zones = zones
    self.identifiers = identifiers
    self.file = file
  }

  func accept(_ record: borrowing JobRecord) throws {
    func zone(_ index: Int) -> String { index >= 0 ? String(zones[index].id) : "" }
    func instant(_ instant: Instant) -> String { instant == .never ? "" : instant.iso8601 }
    let job = record.job
    let ran = record.start != .never
    let cells = [
      String(run), String(job.sequence + 1), quoted(identifiers[job.sequence]), job.type.name, record.status.rawValue,
      job.urgency.name, zone(record.zone), zone(Int(record.recommendations.first)),
      zone(Int(record.recommendations.second)), zone(Int(record.recommendations.third)), instant(job.submittedAt),
      instant(job.deadline), instant(record.start), instant(record.end), ran ? record.energy.value.description : "",
      ran ? (record.emissions.value / 1000).description : "", ran ? record.cost.value.description : "",
    ]
    buffer += cells.joined(separator: ",") + "\n"
    if buffer.utf8.count > 1 << 20 { try flush() }
  }

  /// A cell as RFC 4180 quotes it; one that a spreadsheet would take for a formula gets an apostrophe before it.
  private func quoted(_ text: String) -> String {
    let safe = text.first.map { "=+-@\t".contains($0) } == true ? "'" + text : text
    guard safe.contains(where: { "\",\n\r".contains($0) }) else { return safe }
    return "\"" + safe.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  func flush() throws {
    do { try file.write(contentsOf: Data(buffer.utf8)) } catch {
      throw OutputError(description: "cannot write jobs.csv: \(error.localizedDescription)")
    }
    buffer = ""
  }
}
