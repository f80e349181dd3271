internal import Domain
internal import Foundation
internal import Results

/// Benchmark of storing job rows, without a simulation: `swift run -c release benchmark store [ROWS]`.
enum StoreBenchmark {
  static func run(rows: Int) throws {
    let path = NSTemporaryDirectory() + "/pylon-store-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let zones = (1...14).map { id in
      Zone(
        id: id, code: "Z\(id)", name: "Zone \(id)", region: "R", coordinates: Coordinates(latitude: 52, longitude: -1),
        capacity: Resources(milliCores: 1_000_000, milliGigabytes: 1_000_000, milliGPUs: 0))
    }
    let start = Instant(milliseconds: 1_609_459_200_000)
    let folder = try ResultFolder(path: path)
    let tables = try ResultTables(
      folder: folder, zones: zones, conditions: zones.map { _ in (100, 0.2) },
      users: UserRow.rows(logged: [], createdAt: start), keepsWorkloads: true)
    let one = WorkloadTable.RunName(id: 1, policy: "standard", label: "standard", replication: 1)
    guard let table = tables.workloads(one, isNext: { true }) else { return print("no table") }
    let name = Array("workload".utf8)
    let began = processorSeconds()
    try name.withUnsafeBufferPointer { name in
      for row in 0..<rows {
        let id = Array("j\(row)".utf8)
        try id.withUnsafeBufferPointer { try table.accept(record(row, start), id: $0, name: name) }
      }
    }
    try table.finish()
    let inserted = processorSeconds()
    try tables.finish()
    let finished = processorSeconds()
    print(
      "rows \(rows) rows_s \(inserted - began) rows_per_cpu_s \(Int(Double(rows) / (inserted - began)))",
      "indexes_s \(finished - inserted)")
  }

  private static func record(_ row: Int, _ start: Instant) -> JobRecord {
    let submitted = start + TimeSpan(milliseconds: Int64(row) * 31_557)
    var job = Job(
      sequence: row, identity: UInt64(row), submittedAt: submitted,
      estimatedDuration: TimeSpan(milliseconds: 7_200_517 + Int64(row % 1000)),
      demand: Resources(milliCores: Int64(row % 8 + 1) * 1000, milliGigabytes: 1000, milliGPUs: 0),
      estimatedEnergy: Energy(0.0413 + Double(row) * 1e-9))
    job.urgency = .medium
    var record = JobRecord(
      job: job, status: .completed, actualDuration: job.estimatedDuration, recommendations: Recommendations(0, 1, 2))
    record.zone = row % 14
    record.start = submitted
    record.end = submitted + job.estimatedDuration
    record.energy = job.estimatedEnergy
    record.emissions = Emissions(2.2554 + Double(row) * 1e-7)
    record.cost = Money(0.00828 + Double(row) * 1e-10)
    return record
  }
}
