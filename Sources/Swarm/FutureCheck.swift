internal import Domain
internal import Foundation
internal import GRDB
internal import Randomness
internal import Runs

/// Runs a scenario again whose files tell another future from some instant on: the intensities and prices, the issues
/// of forecasts, the submissions, and how long jobs take that are not over. No decision before may change.
///
/// The grid only where nothing that is read may see the future: forecasts by `persistence` and `recorded`, traces that
/// hold; the jobs of every log with the platform's columns.
struct FutureCheck {
  let scenario: SwarmScenario
  /// The first result's, with a decision log and job rows.
  let folder: String
  let cut: Int64
  private let changesGrid: Bool
  private let changesJobs: Bool

  /// `nil` where the scenario may see the future, or the result tells too little.
  init?(_ scenario: SwarmScenario, folder: String) throws {
    let yaml = scenario.yaml
    let mayKnow = ["synthetic", "perfect", "noisy", "interpolate", "wrap"]
    changesGrid = !mayKnow.contains { yaml.contains($0) }
    if case .log(name: "jobs.csv", _, "", _, _) = scenario.jobs { changesJobs = true } else { changesJobs = false }
    // How many replications there are may follow from any of their figures.
    guard changesGrid || changesJobs, !yaml.contains("\nuntil:"),
      // Each window has a cut of its own.
      !yaml.contains("{windows:"),
      let clock = PlainScenario(folder: (folder as NSString).deletingLastPathComponent), clock.end - clock.start > 1000
    else { return nil }
    let isTold = try SwarmResult.read(folder) { database in
      try database.tableExists("decisions") && Int.fetchOne(database, sql: "SELECT min(has_workloads) FROM runs") == 1
    }
    guard isTold else { return nil }
    var random = RandomStream(seed: scenario.seed, replication: 1, name: "swarm/future")
    self.scenario = scenario
    self.folder = folder
    cut = clock.start + 1 + Int64(random.uniform() * Double(clock.end - clock.start - 1))
  }

  /// - Returns: how many decisions were compared.
  func check() throws -> Int {
    let other = (folder as NSString).deletingLastPathComponent + "/other-future"
    let path = try changed().write(into: other)
    do {
      let quick = ["charts", "maps", "samples"].map { (key: "outputs.\($0)", value: "none") }
      let opened = try OpenScenario(path: path, overrides: quick, policies: [], seed: nil)
      _ = try opened.run(into: other + "/result", figures: other + "/result/plots", threads: 1)
    } catch { throw SwarmFailure(rule: .future, found: "with another future after \(cut), the run fails: \(error)") }
    let (given, changed) = (try decisions(folder), try decisions(other + "/result"))
    for place in 0..<max(given.count, changed.count) {
      let (one, two) = (FutureCheck.text(given, place), FutureCheck.text(changed, place))
      guard one == two else {
        throw SwarmFailure(
          rule: .future, found: "input after \(cut) ms changed an earlier decision:\n\(one)\nbecame\n\(two)")
      }
    }
    return given.count
  }

  private static func text(_ all: [String], _ place: Int) -> String { place < all.count ? all[place] : "nothing" }

  /// Those before the cut; of a job nothing that its later life decides.
  private func decisions(_ folder: String) throws -> [String] {
    let sql = """
      SELECT policy, replication, decided_at, job_id, kind, zone, start_at, reason, ranked_by, candidates,
        forecast_issued_at, score, terms, predicted_intensity_gco2_kwh, predicted_carbon_kg, predicted_cost_gbp
      FROM decisions JOIN runs USING (run_id) ORDER BY run_id, decision
      """
    return try SwarmResult.read(folder) { database in
      var lines: [String] = []
      let rows = try Row.fetchCursor(database, sql: sql)
      while let row = try rows.next() {
        guard let at = PlainTime.instant(row[2]), at < cut else { continue }
        lines.append("\(row.map(\.1))")
      }
      return lines
    }
  }

  private func changed() throws -> SwarmScenario {
    var changed = scenario
    var random = RandomStream(seed: scenario.seed, replication: 2, name: "swarm/future")
    for place in changed.files.indices where changesGrid {
      changed.files[place].text = another(changed.files[place], &random)
    }
    for place in changed.files.indices where changed.files[place].name == "decisions.csv" {
      changed.files[place].text = fewerDecisions(changed.files[place].text, &random)
    }
    guard changesJobs, case .log(let name, let header, let rest, let hasHomes, let rows) = scenario.jobs else {
      return changed
    }
    let going = try unfinished()
    let names = header.split(separator: ",")
    guard let place = names.firstIndex(of: "actual_duration_s"), let length = names.firstIndex(of: "duration_s"),
      let submission = names.firstIndex(of: "submitted_at")
    else { return changed }
    var others: [SwarmScenario.Row] = []
    for var row in rows {
      guard var cells = SwarmCSV.rows(row.text + "\n")?.first, let at = PlainTime.instant(cells[submission]) else {
        continue
      }
      if at >= cut, random.chance(0.5) { continue }
      if at >= cut || going.contains(row.id) {
        let own = Double(cells[place].isEmpty ? cells[length] : cells[place]) ?? 1
        cells[place] = "\((own * 1000).rounded() / 1000 + Double(1 + random.below(7200)))"
      }
      row.text = cells.map { SwarmText.cell($0) }.joined(separator: ",")
      others.append(row)
    }
    // A log without a job within the clock is refused.
    guard others.contains(where: \.isWithin) else { return changed }
    changed.jobs = .log(name: name, header: header, rest: rest, hasHomes: hasHomes, rows: others)
    return changed
  }

  /// Half of the operators' decisions from the cut on are never taken.
  private func fewerDecisions(_ text: String, _ random: inout RandomStream) -> String {
    guard let rows = SwarmCSV.rows(text), let head = rows.first, let column = head.firstIndex(of: "decided_at") else {
      return text
    }
    let kept = rows.enumerated().filter { place, row in
      place == 0 || PlainTime.instant(row[column]).map { $0 < cut } ?? true || random.chance(0.5)
    }
    return kept.map { $1.map { SwarmText.cell($0) }.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  /// Jobs that were over before the cut in no run.
  private func unfinished() throws -> Set<String> {
    try SwarmResult.read(folder) { database in
      var going: Set<String> = []
      var over: Set<String> = []
      for row in try Row.fetchAll(database, sql: "SELECT job_id, actual_end, status FROM compute_workloads") {
        let end = (row[1] as String?).flatMap { PlainTime.instant($0) }
        if end.map({ $0 < cut }) ?? false { over.insert(row[0]) } else { going.insert(row[0]) }
      }
      return going.subtracting(over)
    }
  }

  /// Numbers in lines whose first cell is the cut's instant or later: of intensities and prices, of issues of forecasts.
  private func another(_ file: (name: String, text: String), _ random: inout RandomStream) -> String {
    guard ["carbon.csv", "price.csv", "vintages.csv"].contains(file.name),
      var rows = SwarmCSV.rows(file.text.replacing("\u{FEFF}", with: "").replacing("\r\n", with: "\n")),
      let head = rows.first
    else { return file.text }
    let values = head.indices.filter { !["datetime", "issued_at", "zone", "forecast"].contains(head[$0]) }
    let own = file.name == "vintages.csv" ? [head.count - 1] : values
    for place in rows.indices.dropFirst() {
      guard let at = PlainTime.instant(rows[place][0]), at >= cut else { continue }
      for column in own {
        guard let value = Double(rows[place][column]) else { continue }
        rows[place][column] = "\(abs(value) + Double(random.below(400)) / (file.name == "price.csv" ? 1000 : 1))"
      }
    }
    return rows.map { $0.map { SwarmText.cell($0) }.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }
}
