import Domain
import Foundation
import Inputs
import Scenarios
import Testing

/// The recorded data, where it stands beside the repository or where `PYLON_SHARED_DATA` says.
private enum Recorded {
  static let folder: String? = {
    var candidates = [ProcessInfo.processInfo.environment["PYLON_SHARED_DATA"]].compactMap { $0 }
    var place = URL(fileURLWithPath: #filePath)
    while place.path != "/" {
      place.deleteLastPathComponent()
      candidates.append(place.appendingPathComponent("shared/data").path)
    }
    return candidates.first { FileManager.default.fileExists(atPath: $0 + "/gaia-pai") }
  }()

  /// The fields of the rows, headers and comments left out.
  static func rows(_ name: String, separator: Character) throws -> [[Substring]] {
    let text = try String(contentsOfFile: (folder ?? "") + "/" + name, encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).filter { $0.first != ";" }.map {
      $0.split(separator: separator, omittingEmptySubsequences: separator == " ")
    }
    .filter { $0.contains { Double($0) != nil } }
  }

  static func numbers(_ name: String, separator: Character = ",") throws -> [[Double]] {
    try rows(name, separator: separator).map { $0.map { Double($0) ?? .nan } }
  }
}

/// Kolmogorov's distance of two samples, ties taken together.
private func distance(_ a: [Double], _ b: [Double]) -> Double {
  let (x, y) = (a.sorted(), b.sorted())
  var (i, j, worst) = (0, 0, 0.0)
  while i < x.count, j < y.count {
    let value = min(x[i], y[j])
    while i < x.count, x[i] == value { i += 1 }
    while j < y.count, y[j] == value { j += 1 }
    worst = max(worst, abs(Double(i) / Double(x.count) - Double(j) / Double(y.count)))
  }
  return worst
}

private func jobs(_ preset: WorkloadPreset, days: Int64) throws -> [SubmittedJob] {
  var model = try preset.model()
  for place in model.classes.indices { model.classes[place].home = .none }
  return try GeneratedWorkload(
    model, zones: [], start: Instant(milliseconds: 749_433_600_000), duration: .days(days), seed: 42, replication: 1
  ).all()
}

/// Whole seconds, as logs have them.
private func gaps(_ times: [Double]) -> [Double] { zip(times, times.dropFirst()).map { ($1 - $0).rounded() } }
private func seconds(_ jobs: [SubmittedJob]) -> [Double] { jobs.map { max(1, $0.actualDuration.inSeconds.rounded()) } }
private func times(_ jobs: [SubmittedJob]) -> [Double] { jobs.map { Double($0.job.submittedAt.milliseconds) / 1000 } }

private func variation(_ values: [Double]) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot() / mean
}

private func correlation(_ pairs: [(Double, Double)]) -> Double {
  let n = Double(pairs.count)
  let (x, y) = (pairs.reduce(0) { $0 + $1.0 } / n, pairs.reduce(0) { $0 + $1.1 } / n)
  let xy = pairs.reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
  let xx = pairs.reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) }
  let yy = pairs.reduce(0) { $0 + ($1.1 - y) * ($1.1 - y) }
  return xy / (xx * yy).squareRoot()
}

/// How well the presets fit what their documentation says they were fitted to.
@Suite(.enabled(if: Recorded.folder != nil, "the recorded logs (shared/data) are not here"))
struct PresetFitTests {
  @Test func hpcBatchFitsNASAsLog() throws {
    let log = try Recorded.numbers("swf-nasa-ipsc-1993/NASA-iPSC-1993-3.1-cln.swf", separator: " ")
    try #require(log.count == 18_239)
    let ran = log.filter { $0[3] > 0 }
    let own = try jobs(.hpcBatch, days: 7 * 40)
    let size = { (job: SubmittedJob) in job.job.demand.cpuCores }
    #expect(distance(seconds(own), ran.map { $0[3] }) < 0.025)
    for (range, most) in [(1.0...1, 0.03), (2...8, 0.03), (16...32, 0.05), (64...128, 0.09)] {
      let d = distance(
        seconds(own.filter { range.contains(size($0)) }), ran.filter { range.contains($0[4]) }.map { $0[3] })
      #expect(d < most, "\(range) processors: \(d)")
    }
    for power in 0...7 {
      let processors = Double(1 << power)
      let share = Double(own.count { size($0) == processors }) / Double(own.count)
      let recorded = Double(ran.count { $0[4] == processors }) / Double(ran.count)
      #expect(abs(share - recorded) < 0.01, "\(processors) processors: \(share), recorded \(recorded)")
    }
    #expect(distance(gaps(times(own)), gaps(log.map { $0[1] })) < 0.06)
    // The log's own: 9.5 and 198 a day, with the stops.
    #expect((3...4.5).contains(variation(gaps(times(own)))))
    #expect((200...230).contains(Double(own.count) / 280))
    let related = correlation(own.map { (log10($0.actualDuration.inSeconds), log10(size($0))) })
    let recorded = correlation(ran.map { (log10($0[3]), log10($0[4])) })
    #expect(abs(related - recorded) < 0.03, "\(related), recorded \(recorded)")
    // HPC2N's: a median of 2.2, and 4 to 10 % of the jobs run longer than they asked for.
    let ratios = own.map { $0.job.estimatedDuration.inSeconds / $0.actualDuration.inSeconds }.sorted()
    #expect(abs(ratios[ratios.count / 2] - 2.2) < 0.03)
    #expect((0.06...0.08).contains(Double(ratios.count { $0 < 1 }) / Double(ratios.count)))
  }

  @Test func mlMixFitsPhillyPAIAndOpenb() throws {
    let own = try jobs(.mlMix, days: 365)
    let names = try WorkloadPreset.mlMix.model().classes.map(\.name)
    let runs = { (name: String) in seconds(own.filter { names[$0.job.textHandle] == name }) }
    let philly = try Recorded.numbers("philly-runtimes/philly_runtime.csv").map { $0[0] }.filter { $0 > 0 }
    let pai = try Recorded.numbers("gaia-pai/pai-100k.csv")
    let pods = try Recorded.rows("alibaba-openb-2023/openb_pod_list_default.csv", separator: ",")
    let lived = { (quality: String) in
      pods.filter { $0[6] == quality }.compactMap { row -> Double? in
        guard let end = Double(row[9]), let start = Double(row[10]), end > start else { return nil }
        return end - start
      }
    }
    try #require(philly.count == 83_152 && pai.count == 99_998 && pods.count == 8152)
    #expect(distance(runs("training"), philly) < 0.045)
    #expect(distance(runs("batch"), pai.map { ($0[1] * 3600).rounded() }) < 0.03)
    #expect(distance(runs("service"), lived("LS")) < 0.055)
    #expect(distance(runs("best-effort"), lived("BE")) < 0.065)
    let between = gaps(times(own))
    #expect(distance(between, gaps(pai.map { $0[0] * 3600 })) < 0.075)
    #expect(abs(variation(between) - variation(gaps(pai.map { $0[0] * 3600 }))) < 0.05)
    #expect(abs(Double(own.count) / Double(pai.count) - 1) < 0.06)
  }
}
