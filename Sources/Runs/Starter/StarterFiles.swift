internal import Domain
internal import Foundation
internal import Randomness
internal import Results

/// Writes a first scenario with its inputs, for `pylon init`.
public struct StarterFiles {
  private let folder: String

  /// - Parameter folder: made if it is not there.
  public init(folder: String) { self.folder = folder }

  /// Paths of the files, as they are written.
  public var paths: [String] { files.map { path($0.name) } }

  private func path(_ name: String) -> String {
    folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  private var files: [(name: String, text: String)] {
    [("scenario.yaml", StarterScenario.text), ("carbon.csv", StarterCarbon.text), ("jobs.csv", StarterJobs.text)]
  }

  /// Writes the files and returns what there is to read and to do next.
  ///
  /// - Throws: ``BadInput`` if one of the files is there already, and nothing is written; ``OutputError`` if one cannot be
  ///   written.
  public func write() throws -> String {
    let manager = FileManager.default
    // A broken link counts as there.
    let taken = paths.filter { (try? manager.attributesOfItem(atPath: $0)) != nil }
    guard taken.isEmpty else {
      throw BadInput(
        description: taken.map {
          "\($0): found a file, expected none (pylon init does not overwrite); remove it or name another folder"
        }.joined(separator: "\n"))
    }
    do {
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for file in files {
        try Data(file.text.utf8).write(to: URL(fileURLWithPath: path(file.name)), options: .withoutOverwriting)
      }
    } catch {
      throw OutputError(description: "cannot write to \(folder): \(error.localizedDescription)")
    }
    return summary
  }

  private var summary: String {
    let scenario = shellWord(path("scenario.yaml"))
    let results = shellWord(path("results"))
    return """
      written: \(path("scenario.yaml")), \(path("carbon.csv")) (5 days, two zones), \
      \(path("jobs.csv")) (\(StarterJobs.count) jobs)
      next:
        pylon run \(scenario) --out \(results)
        pylon report \(results)/results.sqlite -o \(shellWord(path("report.html")))
        pylon whatif \(scenario) --set 'zones.*.capacity.gpus=16'
      """
  }

  /// A path as a shell reads it.
  private func shellWord(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-./+,@".unicodeScalars.contains($0)
    }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

/// Carbon intensity by the hour for two zones, made up: windy in the north, high in the south on evenings.
enum StarterCarbon {
  static let days = 5
  static let start = Instant(milliseconds: 1_578_268_800_000)

  /// gCO2/kWh at each hour of the day.
  private static let north = [
    62, 58, 55, 53, 52, 54, 60, 71, 82, 88, 90, 89, 86, 84, 85, 90, 101, 115, 120, 112, 100, 88, 76, 68,
  ]
  private static let south = [
    180, 170, 162, 157, 155, 160, 182, 214, 236, 244, 238, 226, 214, 206, 208, 224, 256, 290, 302, 288, 262, 236, 210,
    192,
  ]
  /// Per cent of these, day by day: the wind changes.
  private static let wind = [100, 70, 130, 160, 90]

  static var text: String {
    var lines = ["datetime,NORTH,SOUTH"]
    for day in 0..<days {
      for hour in 0..<24 {
        let stamp = (start + .hours(Int64(day * 24 + hour))).iso8601
        lines.append("\(stamp.prefix(16))Z,\(north[hour] * wind[day] / 100),\(south[hour] * (100 + wind[day]) / 200)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A hundred jobs in three days, most of them in office hours.
enum StarterJobs {
  static let count = 100

  private struct Kind {
    var name: String
    var type: String
    var urgency: String
    var minutes: ClosedRange<Int>
    var cores: Int
    var memory: Int
    var gpus: Int
    /// Minutes that the job may wait, and from its submission to its deadline.
    var window: Int
    var deadline: Int
  }

  private static let kinds = [
    Kind(
      name: "training", type: "TRAINING_RUN", urgency: "LOW", minutes: 180...480, cores: 16, memory: 64, gpus: 4,
      window: 720, deadline: 1440),
    Kind(
      name: "report", type: "DATA_PROCESSING", urgency: "MEDIUM", minutes: 60...180, cores: 8, memory: 32, gpus: 0,
      window: 240, deadline: 480),
    Kind(
      name: "inference", type: "INFERENCE_BATCH", urgency: "HIGH", minutes: 10...40, cores: 4, memory: 16, gpus: 1,
      window: 30, deadline: 120),
  ]

  static var text: String {
    var stream = RandomStream(seed: 1, replication: 1, name: "starter/jobs")
    // Three days of jobs, 08:00 to 20:00.
    let minutes = (0..<count).map { _ in stream.below(3) * 1440 + 480 + stream.below(720) }.sorted()
    var lines = [
      "job_id,submitted_at,workload_type,urgency,duration_s,required_cpu_cores,required_memory_gb,required_gpus,"
        + "deferral_window_mins,deadline,home_zone"
    ]
    for (place, minute) in minutes.enumerated() {
      let kind = kinds[[0, 1, 1, 2, 2, 2][stream.below(6)]]
      let submitted = StarterCarbon.start + .minutes(Int64(minute))
      let lasts = kind.minutes.lowerBound + stream.below(kind.minutes.count)
      let deadline = submitted + .minutes(Int64(kind.deadline))
      let home = stream.below(3) == 0 ? "NORTH" : "SOUTH"
      lines.append(
        "\(kind.name)-\(place + 1),\(submitted.iso8601.prefix(16))Z,\(kind.type),\(kind.urgency),\(lasts * 60),"
          + "\(kind.cores),\(kind.memory),\(kind.gpus),\(kind.window),\(deadline.iso8601.prefix(16))Z,\(home)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
