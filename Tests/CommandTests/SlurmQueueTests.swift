import Foundation
import Testing

/// `pylon sweep submit` before a batch system that remembers what it was given.
@Suite struct SlurmQueueTests {
  /// A `squeue` that lists the file `queue`, and an `sbatch` that writes down what it was asked.
  private static func make() throws -> Workshop {
    let workshop = try Workshop()
    try workshop.change("s.yaml", "workload: {file: jobs.csv}", "workload: {preset: pylon, rate: 2}")
    try workshop.write(
      "s.yaml", try workshop.read("s.yaml") + "replications: 3\nsweep: {grid: {zones.NORTH.pue: [1, 1.5]}}\n")
    try FileManager.default.createDirectory(atPath: workshop.path + "/bin", withIntermediateDirectories: true)
    try workshop.write("queue", "")
    try workshop.write("asked", "")
    try workshop.write(
      "bin/squeue", "#!/bin/sh\necho \"$@\" > '\(workshop.path)/listed'\ncat '\(workshop.path)/queue'\n")
    try workshop.write("bin/sbatch", "#!/bin/sh\necho \"$@\" >> '\(workshop.path)/asked'\necho '77;cluster'\n")
    for name in ["squeue", "sbatch"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: "\(workshop.path)/bin/\(name)")
    }
    return workshop
  }

  private static func submit(_ workshop: Workshop) throws -> Outcome {
    try workshop.shell("PATH=$PWD/bin:$PATH $pylon sweep submit s.yaml --out sw --slurm --array-size 3")
  }

  private static func submissions(_ workshop: Workshop) throws -> Int {
    try workshop.read("asked").split(separator: "\n").count
  }

  /// Six units in three shards: who has a task, pending or running, is not submitted again.
  @Test func whatIsQueuedIsNotSubmittedAgain() throws {
    let workshop = try Self.make()
    let first = try Self.submit(workshop)
    #expect(first.status == 0, "\(first.error)")
    #expect(
      first.out == "6 of 6 units are not done\nsubmitted: job 77, 3 of 3 shards, by sw/slurm/array-1.sh\n")
    let script = try workshop.read("sw/slurm/array-1.sh")
    #expect(script.contains("#SBATCH --array=1-3\n"))
    let name =
      script.split(separator: "\n").compactMap { $0.split(separator: "--job-name=").last }
      .first { $0.hasPrefix("pylon-small-") } ?? ""
    #expect(try workshop.read("listed").contains(" -n \(name) "))

    try workshop.write("queue", "77|1|PENDING|3|Resources\n77|2|RUNNING|3|None\n77|3|PENDING|3|Priority\n")
    let second = try Self.submit(workshop)
    #expect(
      second.status == 0
        && second.out
          == "6 of 6 units are not done, 6 of them with 3 tasks that are queued or running\nnothing to submit\n",
      "\(second.out)\(second.error)")
    #expect(try Self.submissions(workshop) == 1 && workshop.names("sw/slurm") == ["array-1.sh"])

    // One shard's task has gone: its two units are submitted, alone.
    try workshop.write("queue", "77|1|COMPLETING|3|None\n77|3|PENDING|3|Priority\n")
    let third = try Self.submit(workshop)
    #expect(
      third.out == "6 of 6 units are not done, 4 of them with 2 tasks that are queued or running\n"
        + "submitted: job 77, 1 of 3 shards, by sw/slurm/array-2.sh\n", "\(third.out)\(third.error)")
    #expect(try workshop.read("sw/slurm/array-2.sh").contains("#SBATCH --array=2\n"))
    #expect(try Self.submissions(workshop) == 2)
  }
}
