internal import Domain
internal import Inputs
internal import Scenarios

/// Jobs that end beyond the traces of every zone, however early they start.
enum LongJobs {
  /// Refuses jobs of a log that every run would refuse, and notes those that it may never start, as they may be
  /// rejected or an outage may end them.
  static func check(_ inputs: LoadedInputs, _ scenario: Scenario) throws(BadInput) -> [String] {
    guard case .log(let file) = inputs.jobs, scenario.drain else { return [] }
    guard !scenario.grid.carbon.isSynthetic || !scenario.grid.price.isSynthetic else { return [] }
    let latest = lastEnd(inputs)
    guard latest < .never else { return [] }
    let found: Found?
    do { found = try look(inputs.jobs, scenario, latest) } catch { throw BadInput(error) }
    guard let found else { return [] }
    let job = found.job
    let more = found.count > 1 ? ", the first of \(found.count) such jobs" : ""
    let text =
      "\(found.name), submitted at \(job.submittedAt.readable), ends at "
      + "\((job.submittedAt + found.duration).readable) at the earliest\(more)"
    let expected =
      "the traces of the zones end by \(latest.readable): check the unit of the durations; if it is right, use longer "
      + "traces, or extend: hold | wrap"
    guard found.isCertain else { return ["\(file.path): \(text), but \(expected)"] }
    throw BadInput(description: "\(file.path): \(text), but \(expected)")
  }

  private struct Found {
    var name: String
    var job: Job
    var duration: TimeSpan
    /// True if some policy must run the job.
    var isCertain: Bool
    var count = 1
  }

  /// The last instant that both traces of some zone cover.
  private static func lastEnd(_ inputs: LoadedInputs) -> Instant {
    let world = inputs.grid.world(1)
    let ends = zip(world.carbon, world.price).map { traces in
      [traces.0, traces.1].filter { $0.extending == .none }.map(\.end).min() ?? .never
    }
    return ends.max() ?? .never
  }

  private static func look(_ jobs: JobInput, _ scenario: Scenario, _ latest: Instant) throws -> Found? {
    let last = scenario.windows == nil ? 1 : scenario.replicationsAtMost
    var found: Found?
    for replication in 1...last {
      let window = scenario.window(replication)
      let source = try jobs.source(window, replication: replication, keepsTexts: true)
      var next = SubmittedJob.blank
      while try source.read(into: &next.job, actualDuration: &next.actualDuration) {
        defer { source.release(next.job) }
        guard next.job.submittedAt + next.actualDuration > latest else { continue }
        let isCertain = mustRun(next.job, window)
        if var earlier = found {
          earlier.count += 1
          found = earlier
          if earlier.isCertain || !isCertain { continue }
        }
        found = Found(
          name: name(next, source), job: next.job, duration: next.actualDuration, isCertain: isCertain,
          count: found?.count ?? 1)
      }
    }
    return found
  }

  /// True if nothing can keep the job from running under some policy.
  private static func mustRun(_ job: Job, _ scenario: Scenario) -> Bool {
    let hasCaps =
      job.emissionsCap.value < .infinity || job.intensityCap.value < .infinity || job.costCap.value < .infinity
    return scenario.events.changes(of: scenario.zones).isEmpty && !(hasCaps && scenario.caps == .hard)
      && scenario.zones.allSatisfy { $0.capacity.holds(job.demand) }
      && scenario.policies.contains { $0.parameters.text("decisions") == nil }
  }

  /// `job-7 (4 d 4 h)`.
  private static func name(_ job: SubmittedJob, _ source: any JobTextSource) -> String {
    let id = source.withTexts(of: job.job) { id, _ in String(decoding: id, as: UTF8.self) }
    return "\(id.printable()) (\(TraceCoverage.text(job.actualDuration)))"
  }

  /// The name with the duration of a job of a run, and its submission; `nil` if there is no such job any more.
  static func job(
    _ sequence: Int, _ jobs: JobInput, _ scenario: Scenario, replication: Int
  ) -> (name: String, submitted: Instant)? {
    guard let source = try? jobs.source(scenario, replication: replication, keepsTexts: true) else { return nil }
    var next = SubmittedJob.blank
    while (try? source.read(into: &next.job, actualDuration: &next.actualDuration)) == true {
      defer { source.release(next.job) }
      if next.job.sequence == sequence { return (name(next, source), next.job.submittedAt) }
    }
    return nil
  }
}
