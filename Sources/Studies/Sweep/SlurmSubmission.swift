internal import Domain
internal import Foundation
internal import Results
internal import Runs

/// How a sweep is handed to Slurm.
public struct SlurmOptions: Sendable {
  /// Into how many shards the units are divided; `nil`: 100, or as many as there are units.
  public var arraySize: Int?
  /// How many tasks may run at one time; `nil`: as many as Slurm lets.
  public var atOnce: Int?
  /// Cores of a task.
  public var threads = 1
  /// Further options of `sbatch`, such as `--time=02:00:00`.
  public var sbatch: [String] = []
  /// The program, where the tasks run.
  public var program: String
  /// True if the script is written but not submitted.
  public var isRehearsal = false

  public init(program: String) { self.program = program }
}

extension Sweep {
  private var queue: SlurmQueue { SlurmQueue(sweep: plan.name, folder: Sweep.absolute(store.folder)) }

  /// Writes a job array and submits it: a task for each shard that has units that are neither done nor with a task of
  /// an earlier array.
  ///
  /// - Returns: what was submitted, for people.
  /// - Throws: ``SlurmError``, ``OutputError``; ``BadInput`` if no unit could read its inputs.
  public func submit(_ options: SlurmOptions) throws -> String {
    let index = store.index()
    let missing = plan.units.indices.filter { index.done[plan.units[$0].id] == nil }
    guard !missing.isEmpty else { return "nothing to submit\n" + (try collect()) }
    let tasks = options.isRehearsal ? [] : try queue.tasks()
    let open = missing.filter { place in !tasks.contains { $0.shard.holds(place) } }
    let busy = missing.count - open.count
    let state = tasks.count == 1 ? "that is queued or running" : "that are queued or running"
    let busyText = busy > 0 ? ", \(busy) of them with \(counted(tasks.count, "task")) \(state)" : ""
    let head = "\(missing.count) of \(counted(plan.units.count, "unit")) are not done" + busyText
    guard !open.isEmpty else { return head + "\nnothing to submit" }
    let count = options.arraySize ?? min(plan.units.count, 100)
    let shards = Set(open.map { $0 % count + 1 }).sorted()
    // Else each task would find the same faults, after its wait in the queue.
    try SweepDesk(plan).demandInputs(of: open)
    try store.make()
    try store.make(store.jobs)
    let place = scriptPlace
    do { try PlainFile.replace(place, with: Array(script(options, shards, of: count).utf8)) } catch {
      throw OutputError(description: error.description)
    }
    let what = "\(shards.count) of \(counted(count, "shard"))"
    guard !options.isRehearsal else { return head + "\nwritten: \(place) (\(what)), not submitted" }
    let job = try SlurmQueue.run(["sbatch", "--parsable", place]).split { $0 == ";" || $0.isWhitespace }.first ?? "?"
    return head + "\nsubmitted: job \(job), \(what), by \(place)"
  }

  /// The first name of its kind that is free.
  private var scriptPlace: String {
    var number = 1
    while FileManager.default.fileExists(atPath: "\(store.jobs)/array-\(number).sh") { number += 1 }
    return "\(store.jobs)/array-\(number).sh"
  }

  /// States of the tasks in Slurm's queue and the path of their logs, for people; empty if nothing was submitted.
  public func slurmStatus() -> [String] {
    guard FileManager.default.fileExists(atPath: store.jobs) else { return [] }
    let logs = "logs of the tasks: \(store.jobs)/*.log"
    do throws(SlurmError) {
      let tasks = try queue.tasks()
      guard !tasks.isEmpty else { return ["Slurm: no tasks", logs] }
      let kinds = tasks.map { "job \($0.job): \($0.state)" + ($0.reason == "None" ? "" : " (\($0.reason))") }
      return Set(kinds).sorted().map { kind in
        let own = kinds.filter { $0 == kind }.count
        return "Slurm: \(kind), \(counted(own, "task"))"
      } + [logs]
    } catch {
      return ["Slurm: \(error.description)", logs]
    }
  }

  private func script(_ options: SlurmOptions, _ shards: [Int], of count: Int) -> String {
    let limit = options.atOnce.map { "%\($0)" } ?? ""
    let log = Sweep.absolute(store.jobs).replacing("%", with: "%%") + "/%A-%a.log"
    var lines = [
      "#!/bin/sh", "# Written by pylon sweep submit. A task may run again: units that are done are skipped.",
      "#SBATCH --job-name=\(queue.jobName)", "#SBATCH --comment=\(count)",
      "#SBATCH --array=\(Sweep.ranges(shards))\(limit)", "#SBATCH --output=\(Sweep.quoted(log, with: "\""))",
      "#SBATCH --open-mode=append", "#SBATCH --requeue", "#SBATCH --cpus-per-task=\(options.threads)",
    ]
    lines += options.sbatch.map { "#SBATCH \($0)" }
    var words = [options.program, "sweep", "run", Sweep.absolute(path)]
    for (key, value) in overrides { words += ["--set", "\(key)=\(value)"] }
    words += ["--out", Sweep.absolute(store.folder), "--threads", "\(options.threads)", "--shard"]
    let command = words.map { Sweep.quoted($0, with: "'") }.joined(separator: " ")
    lines.append("exec \(command) \"$SLURM_ARRAY_TASK_ID/\(count)\"")
    return lines.joined(separator: "\n") + "\n"
  }

  /// `1-4,7`.
  static func ranges(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }

  private static func absolute(_ path: String) -> String {
    path.path(in: FileManager.default.currentDirectoryPath)
  }

  /// For a shell between `'`, for a directive of `sbatch` between `"`.
  private static func quoted(_ text: String, with mark: String) -> String {
    mark + (mark == "'" ? text.replacing("'", with: "'\\''") : text.replacing("\"", with: "\\\"")) + mark
  }
}
