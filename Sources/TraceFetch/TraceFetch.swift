internal import Domain
internal import Foundation
internal import Inputs
internal import Results
public import Runs

/// `pylon trace fetch`: a trace of the GB Carbon Intensity API, window by window, as canonical CSV.
///
/// Responses are kept until the file is complete: after an interruption, a new fetch requests only the rest and makes
/// the same bytes.
public struct TraceFetch {
  private let plan: FetchPlan
  private let tell: (String) -> Void

  /// An answer that does not cover its window, or came before the window had ended, is good for so long.
  private static let fresh: TimeInterval = 3600

  /// - Parameter tell: told what goes wrong on the way, for people.
  /// - Throws: ``BadInput`` with every fault of the request.
  public init(_ request: FetchRequest, tell: @escaping (String) -> Void = { _ in }) throws(BadInput) {
    plan = try FetchPlan(request)
    self.tell = tell
  }

  /// - Returns: what was done, for people.
  /// - Throws: ``BadInput`` where the API refuses the question or its answers are of no use, ``FetchError`` where there
  ///   were none, ``OutputError``.
  public func run(to out: String) throws -> String {
    let folder = try FetchFolder(beside: out)
    let client = PatientClient(patience: plan.patience, tell: tell)
    defer { client.close() }
    var parts: [(window: Range<Instant>, answer: IntensityAnswer)] = []
    var asked = 0
    for window in plan.windows {
      if let kept = kept(window, folder) {
        parts.append((window.span, kept))
        continue
      }
      if asked > 0 { Thread.sleep(forTimeInterval: plan.pause / .seconds(1)) }
      asked += 1
      parts.append((window.span, try ask(window, client, folder)))
    }
    let told = try write(parts, folder, to: out)
    folder.remove()
    let before = plan.windows.count - asked
    let windows =
      "\(counted(asked, "window")) requested"
      + (before > 0 ? ", \(before) already downloaded" : "")
    return windows + "\n" + told
  }

  /// The answer that an earlier call left, where it can still be taken for the last word.
  private func kept(_ window: FetchPlan.Window, _ folder: FetchFolder) -> IntensityAnswer? {
    guard let came = folder.date(of: window), let answer = try? read(folder.place(window), nil) else { return nil }
    let isSettled =
      came.timeIntervalSince1970 * 1000 >= Double(window.span.upperBound.milliseconds)
      && HalfHours([(window.span, answer)], gaps: .error).missing.isEmpty
    return isSettled || Date().timeIntervalSince(came) < TraceFetch.fresh ? answer : nil
  }

  private func read(_ path: String, _ name: String?) throws(AnswerFault) -> IntensityAnswer {
    try IntensityAnswer(path: path, name: name, kind: plan.kind, area: plan.area, zones: plan.zones)
  }

  private func ask(
    _ window: FetchPlan.Window, _ client: PatientClient, _ folder: FetchFolder
  ) throws -> IntensityAnswer {
    var found: IntensityAnswer?
    try client.get(window.address) { body in
      guard body.count <= PatientClient.largestAnswer else {
        return .bad("found \(body.count >> 20) MB, expected at most \(PatientClient.largestAnswer >> 20) MB")
      }
      do {
        let partial = try PlainFile.write(body, beside: folder.place(window))
        do throws(AnswerFault) { found = try read(partial, "the answer") } catch {
          unlink(partial)
          return TraceFetch.verdict(error)
        }
        try PlainFile.move(partial, to: folder.place(window))
        return .good
      } catch let error as StoreError {
        throw OutputError(description: error.description)
      }
    }
    guard let found else { preconditionFailure("a good answer was not read") }
    return found
  }

  /// A fault of the server may be told with status 200.
  private static func verdict(_ fault: AnswerFault) -> PatientClient.Verdict {
    switch fault {
    case .broken: .passing(fault.description)
    case .refusal(let code, _) where code.hasPrefix("5") || code.hasPrefix("429"): .passing(fault.description)
    case .refusal, .strange: .bad(fault.description)
    }
  }

  private func write(
    _ parts: [(window: Range<Instant>, answer: IntensityAnswer)], _ folder: FetchFolder, to out: String
  ) throws -> String {
    let hours = HalfHours(parts, gaps: plan.gaps, clip: plan.clip)
    if let first = hours.negatives.first, !plan.clip {
      throw BadInput(
        description: "\(plan.source): found \(hours.negatives.count) negative intensities, expected at least 0, or "
          + "--clip; the first is \(TextTable.number(first.value)) g for \(first.zone) at \(first.at.iso8601)\n"
          + "downloaded windows are kept in \(folder.path)")
    }
    let silent = zip(hours.names, hours.table.columns).filter { $1.steps.count < 2 }.map(\.0)
    let gaps = TraceFetch.lines(hours)
    guard silent.isEmpty, gaps.isEmpty || plan.gaps != .error else {
      let wanted = "expected every half hour from \(plan.span.lowerBound.iso8601) to \(plan.span.upperBound.iso8601)"
      let mend = silent.isEmpty ? ", or --gaps hold | interpolate" : ""
      throw BadInput(
        description: "\(plan.source): found gaps, \(wanted)\(mend)\n" + gaps.joined(separator: "\n")
          + "\ndownloaded windows are kept in \(folder.path)")
    }
    var notes = gaps.map { "note: \($0)" }
    if hours.contradictions > 0 {
      notes.append(
        "note: \(counted(hours.contradictions, "half hour")) received twice with different values: "
          + "the later value is used")
    }
    let tools = TraceTools(path: plan.source, kind: plan.kind, names: hours.names, table: hours.table)
    return (notes + [try tools.write(to: out)]).joined(separator: "\n")
  }

  /// At most twenty spans, and how many more.
  private static func lines(_ hours: HalfHours) -> [String] {
    let shown = hours.missing.prefix(20).map { hole in
      let zones = hole.zones.count == hours.names.count ? "" : ": " + hole.zones.joined(separator: ", ")
      return "no data from \(hole.from.readable) to \(hole.to.readable) (\(counted(hole.count, "half hour")))\(zones)"
    }
    let more = hours.missing.count - shown.count
    return more > 0 ? shown + ["and \(more) more"] : shown
  }
}
