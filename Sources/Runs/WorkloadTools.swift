public import Domain
internal import Foundation
internal import Inputs
internal import Results
internal import Scenarios

/// How `pylon workload` is told to read a table: the values of its options as they were written.
public struct JobTableOptions: Sendable {
  /// `ours=theirs`.
  public var columns: [String]
  /// The scenario's key with the value; both as text.
  public var settings: [(key: String, value: String)]

  public init(columns: [String] = [], settings: [(key: String, value: String)] = []) {
    self.columns = columns
    self.settings = settings
  }
}

/// The job file that `pylon workload` works on, in any format that ``JobFileReader`` can read.
public struct WorkloadTools {

  /// Texts as the list that a scenario would have.
  public static func list(_ texts: [String]) -> String {
    let quoted = texts.map { "\"" + $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }
    return "[" + quoted.joined(separator: ", ") + "]"
  }

  private let path: String
  private let file: JobFile
  private let zones: [Zone]
  /// Instant of the first submission of a stretched file; `nil` to keep its own.
  private let start: Instant?

  /// - Parameters:
  ///   - zones: a scenario whose zones `home_zone` may name.
  ///   - start: an instant, at which the first submission (SWF, GAIA: second 0; a batch upload: every job) is put, or
  ///     `recorded`, `clock` or `first`, the last two of which need `zones`; by default where the file says (tables with
  ///     instants; SWF with a calendar, unless there are `zones`), else the scenario's start, else 1970.
  ///   - leavesHomesOut: without `zones`, notes home zones instead of refusing them.
  /// - Throws: ``BadInput``.
  public init(
    path: String, format: JobFileFormat = .auto, timeUnit: JobTimeUnit? = nil, zones: String? = nil,
    start: String? = nil, memoryPerCore: Double = 0, reading: JobTableOptions = JobTableOptions(),
    leavesHomesOut: Bool = false
  ) throws(BadInput) {
    self.path = path
    do {
      let scenario = try zones.map { try Scenario.load(path: $0, knownPolicies: Runner.policyNames) }
      self.zones = scenario?.zones ?? []
      let told = try WorkloadTools.start(start, scenario)
      let origin = told.instant ?? scenario?.start ?? Instant(milliseconds: 0)
      let end = scenario.map { origin + $0.duration } ?? origin
      var ownReading = try JobReading(columns: reading.columns, settings: reading.settings)
      ownReading.leavesHomesOut = leavesHomesOut
      file = try JobFileReader.read(
        path: path, format: format, timeUnit: timeUnit, zones: self.zones, start: origin, end: end,
        timing: JobTiming(start: told.start, keepsCalendar: scenario == nil), memoryPerCore: memoryPerCore,
        keepsAll: true, reading: ownReading)
      self.start = told.start == .recorded ? nil : told.instant ?? scenario?.start
    } catch {
      throw BadInput(error)
    }
  }

  private static func start(
    _ text: String?, _ scenario: Scenario?
  ) throws(BadInput) -> (start: JobStart?, instant: Instant?) {
    guard let text else { return (nil, nil) }
    if let start = JobStart(rawValue: text) {
      guard scenario != nil || start == .recorded else {
        throw BadInput(
          description:
            "--start: found \(text), which is the start of a scenario's clock, expected --zones SCENARIO.yaml "
            + "with it, or an instant such as 2025-01-06T00:00:00Z")
      }
      return (start, nil)
    }
    if let instant = Instant(text: text) { return (.clock, instant) }
    throw BadInput(
      description: "--start: found \"\(text)\", expected an ISO 8601 time, recorded, clock or first")
  }

  /// Writes the canonical job CSV, in order of submission.
  ///
  /// - Parameters:
  ///   - fit: a span such as `21d`: submissions are moved and stretched evenly, so that the first falls on the start
  ///     and the last a second before the span's end. Durations stay, and so do deadlines counted from submission.
  ///   - homesInTurn: whether the n-th job gets the n-th zone of the scenario as its home, round and round.
  /// - Returns: what was done, for people.
  public func write(to place: String, fit: String? = nil, homesInTurn: Bool = false) throws -> String {
    if homesInTurn, zones.isEmpty {
      throw BadInput(description: "--home-zones: found round-robin without zones, expected --zones SCENARIO.yaml")
    }
    let (clock, end) = try stretch(fit)
    do {
      let output = try WholeFile(path: place)
      try output.append(line: WorkloadTools.header.map { .text($0) })
      let cursor = try file.makeCursor()
      var next = SubmittedJob.blank
      while try cursor.read(into: &next.job, actualDuration: &next.actualDuration) {
        if homesInTurn { next.job.homeZone = next.job.sequence % zones.count }
        try output.append(line: cells(next, at: clock(next.job.submittedAt), texts: cursor))
        cursor.release(next.job)
      }
      try output.finish()
    } catch let error as StoreError {
      throw OutputError(description: error.description)
    } catch let error as InputError {
      throw BadInput(error)
    }
    let span = end.map { ", the last submitted at \($0.iso8601)" } ?? ""
    return (["\(path): \(counted(file.count, "job"))\(span)"] + notes() + ["written: \(place)"]).joined(separator: "\n")
  }

  /// How recorded submissions become written ones; and the last one.
  private func stretch(_ fit: String?) throws(BadInput) -> (clock: (Instant) -> Instant, last: Instant?) {
    let cursor: JobCursor
    var (first, last): (Instant?, Instant?) = (nil, nil)
    do {
      cursor = try file.makeCursor(keepsTexts: false)
      var next = SubmittedJob.blank
      while try cursor.read(into: &next.job, actualDuration: &next.actualDuration) {
        first = first ?? next.job.submittedAt
        last = next.job.submittedAt
      }
    } catch {
      throw BadInput(error)
    }
    guard let fit else { return try ({ $0 }, told(last)) }
    guard let span = TimeSpan(scenarioText: fit), span > .seconds(1) else {
      throw BadInput(description: "--fit-to: found \"\(fit)\", expected a time span of more than a second such as 21d")
    }
    guard let first, let last else { return ({ $0 }, nil) }
    let start = start ?? first
    let own = last - first
    let scale = own > .zero ? (span - .seconds(1)).inSeconds / own.inSeconds : 0
    let clock = { (recorded: Instant) in
      start + TimeSpan(milliseconds: Int64((Double((recorded - first).milliseconds) * scale).rounded()))
    }
    return try (clock, told(clock(last)))
  }

  /// An instant that can be written.
  private func told(_ instant: Instant?) throws(BadInput) -> Instant? {
    guard let instant, !Instant.calendar.contains(instant) else { return instant }
    throw BadInput(description: "\(path): found submissions past the years 0 to 9999, expected an earlier --start")
  }

  private static let header = [
    "job_id", "submitted_at", "workload_name", "workload_type", "urgency", "user_id", "required_cpu_cores",
    "required_memory_gb", "required_gpus", "duration_s", "actual_duration_s", "estimated_energy_kwh",
    "carbon_cap_gco2", "max_carbon_intensity_gco2_kwh", "max_price_gbp", "deferral_window_mins", "deadline",
    "home_zone",
  ]

  private func cells(_ submitted: SubmittedJob, at instant: Instant, texts: JobCursor) -> [CSVCell] {
    let job = submitted.job
    let (id, name) = texts.withTexts(of: job) {
      (String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self))
    }
    func number(_ value: Double) -> CSVCell { .number(value.isFinite ? value : nil) }
    let deadline = job.deadline == .never ? "" : (instant + (job.deadline - job.submittedAt)).iso8601
    return [
      .text(id), .text(instant.iso8601), .text(name), .text(job.type.name), .text(job.urgency.name),
      .text(file.users[job.user]), number(job.demand.cpuCores), number(job.demand.memoryGigabytes),
      number(job.demand.gpus), number(job.estimatedDuration.inSeconds), number(submitted.actualDuration.inSeconds),
      number(job.estimatedEnergy.value), number(job.emissionsCap.value), number(job.intensityCap.value),
      number(job.costCap.value), number(job.deferralWindow.inSeconds / 60), .text(deadline),
      .text(job.homeZone < 0 ? "" : zones[job.homeZone].code),
    ]
  }

  private func notes() -> [String] {
    (file.notes + [file.smallNumbers].compactMap(\.self)).map { "note: \($0)" }
  }

  /// The workload in figures.
  public func describe() throws(BadInput) -> String {
    let summary: WorkloadSummary
    do { summary = try WorkloadSummary(file.makeCursor(keepsTexts: false)) } catch {
      throw BadInput(error)
    }
    let isDated = summary.first.map { $0.iso8601 } ?? "–"
    func text(_ value: Double?, _ digits: Int = 1) -> String { value.map { String(format: "%.\(digits)f", $0) } ?? "–" }
    var lines = [["jobs", "\(summary.count)"], ["users", "\(file.users.count)"], ["first submission", isDated]]
    lines.append(["last submission", summary.last.map { $0.iso8601 } ?? "–"])
    lines.append(["mean gap s", text(summary.gapMean)])
    lines.append(["gap: standard deviation / mean", text(summary.gapVariation, 2)])
    lines.append(["submitted with the previous job %", text(summary.sameInstantShare.map { $0 * 100 })])
    for (name, values) in summary.spreads {
      lines.append(["\(name): mean", text(values.mean)])
      lines.append(["\(name): p50, p90, p99, max", values.quantiles.map { text($0) }.joined(separator: ", ")])
    }
    lines.append(["core hours", text(summary.coreHours)])
    lines.append(["GPU hours", text(summary.gpuHours)])
    lines.append(["with a deadline", "\(summary.withDeadline)"])
    lines.append(["longer than estimated", "\(summary.longerThanEstimated)"])
    return ([TextTable.text(lines)] + notes()).joined(separator: "\n")
  }
}
