/// Failure of a scenario of the swarm: the rule that it broke.
struct SwarmFailure: Error, Sendable {
  /// Kinds of failure; a scenario is shrunk while it fails in the same kind.
  enum Rule: String, Sendable {
    /// The scenario was drawn to be valid.
    case valid = "a valid scenario is accepted"
    case runs = "the run ends without an error"
    case audit = "pylon audit finds nothing"
    case threads = "any number of threads gives the same bytes"
    case database = "the database is sound"
    case tables = "the CSV files agree with the tables"
    case figures = "figures are well-formed XML"
    case jobs = "every job of the input is in exactly one record of each run"
    case rows = "jobs, capacities, energy, emissions and cost follow from the scenario's files"
    case metrics = "the metrics follow from the job rows"
    case decisions = "decisions are in chronological order and fit the states of their jobs"
    case future = "the future changes no earlier decision"
    case checks = "pylon check finds a result equal to itself"
    case sweep = "a point of a sweep equals a run with its settings"
    case files = "no unfinished file is left"
  }

  var rule: Rule
  var found: String
}

/// Counts of what was run and checked.
struct SwarmCounts: Sendable {
  var scenarios = 0
  var runs = 0
  var jobs = 0
  var cells = 0
  var figures = 0
  /// Jobs worked out again from the scenario's files, decisions read, and those compared with another future's.
  var recomputed = 0
  var decisions = 0
  var futures = 0
  /// Runs by policy.
  var policies: [String: Int] = [:]

  static func += (counts: inout SwarmCounts, more: SwarmCounts) {
    counts.scenarios += more.scenarios
    counts.runs += more.runs
    counts.jobs += more.jobs
    counts.cells += more.cells
    counts.figures += more.figures
    counts.recomputed += more.recomputed
    counts.decisions += more.decisions
    counts.futures += more.futures
    counts.policies.merge(more.policies, uniquingKeysWith: +)
  }
}
