public import Domain
internal import Foundation
internal import Inputs
internal import Runs
internal import Scenarios

/// The options of `pylon trace fetch`, as specified.
public struct FetchRequest: Sendable {
  public static let api = "https://api.carbonintensity.org.uk"

  /// The quantities of the API.
  public enum Kind: String, Sendable, CaseIterable {
    case carbon, forecast
  }

  public var from: String
  public var to: String
  /// The intensity of Great Britain instead of its regions'.
  public var isNational = false
  /// One region, by its id, code or name; `nil`: all fourteen.
  public var region: String?
  public var kind = Kind.carbon
  public var gaps = GapRule.error
  public var clip = false
  public var api = FetchRequest.api
  public var pause = "1s"
  public var wait = "2s"
  public var timeout = "30s"
  public var retries = 5

  public init(from: String, to: String) {
    self.from = from
    self.to = to
  }
}

/// A request that has been looked at.
struct FetchPlan: Sendable {
  struct Window: Sendable {
    var span: Range<Instant>
    var address: String
    /// Name of the file that keeps the response; depends only on the query and the server.
    var name: String
  }

  /// The API refuses longer ones.
  static let longestWindow = TimeSpan.days(14)
  private static let longest = TimeSpan.days(36_525)

  let source: String
  let windows: [Window]
  let area: IntensityAnswer.Area
  let zones: [Zone]
  let kind: TraceKind
  let gaps: GapRule
  let clip: Bool
  let pause: Duration
  let patience: Patience

  var span: Range<Instant> { windows[0].span.lowerBound..<windows[windows.count - 1].span.upperBound }

  /// - Throws: ``BadInput`` with every fault.
  init(_ request: FetchRequest) throws(BadInput) {
    var faults: [String] = []
    let span = FetchPlan.span(request, &faults)
    let api = FetchPlan.address(request.api, &faults)
    let preset = Zone.gb14
    var zones = preset
    var (path, tail, form) = ("/regional/intensity", "", "regions")
    if request.isNational {
      (path, form, zones) = ("/intensity", "nation", [])
      if request.region != nil { faults.append("--region: found both, expected --national or --region, one of them") }
    } else if let told = request.region {
      zones = preset.filter { [String($0.id), $0.code, $0.region].contains(told) }
      if zones.isEmpty {
        let known = preset.map { "\($0.id) (\($0.code), \($0.region))" }.joined(separator: ", ")
        faults.append("--region: found \"\(told)\", expected one of \(known)")
      } else {
        (tail, form) = ("/regionid/\(zones[0].id)", "region-\(zones[0].id)")
      }
    }
    let pause = FetchPlan.duration(request.pause, "--pause", 0...3600, &faults)
    let wait = FetchPlan.duration(request.wait, "--wait", 0.001...3600, &faults)
    let timeout = FetchPlan.duration(request.timeout, "--timeout", 1...3600, &faults)
    if !(0...100).contains(request.retries) {
      faults.append("--retries: found \(request.retries), expected a whole number from 0 to 100")
    }
    guard faults.isEmpty, let span, let api else { throw BadInput(description: faults.joined(separator: "\n")) }
    area = request.isNational ? .nation : .regions
    self.zones = zones
    kind = request.kind == .carbon ? .carbon : .forecast
    gaps = request.gaps
    clip = request.clip
    self.pause = pause
    patience = Patience(retries: request.retries, wait: wait, timeout: timeout)
    source = api + path + tail
    let server = ContentHash.text(of: api).prefix(8)
    windows = FetchPlan.windows(span).map { span in
      let ends = "\(span.lowerBound.minutes)/\(span.upperBound.minutes)"
      return Window(
        span: span, address: "\(api)\(path)/\(ends)\(tail)",
        name: "\(form)-\(span.lowerBound.compact)-\(span.upperBound.compact)-\(server).json")
    }
  }

  private static func windows(_ span: Range<Instant>) -> [Range<Instant>] {
    var windows: [Range<Instant>] = []
    var start = span.lowerBound
    while start < span.upperBound {
      let end = min(start + longestWindow, span.upperBound)
      windows.append(start..<end)
      start = end
    }
    return windows
  }

  /// To whole half hours: the one that holds at `from`, and the one that `to` lies in.
  private static func span(_ request: FetchRequest, _ faults: inout [String]) -> Range<Instant>? {
    let ends = [("--from", request.from), ("--to", request.to)].compactMap { option, text -> Instant? in
      if let instant = Instant(text: text) { return instant }
      faults.append("\(option): found \"\(text)\", expected an instant such as 2025-01-06T00:00Z")
      return nil
    }
    guard ends.count == 2 else { return nil }
    let step = HalfHours.step
    let from = Instant(milliseconds: ends[0].milliseconds.flooredQuotient(step) * step)
    let to = Instant(milliseconds: -(-ends[1].milliseconds).flooredQuotient(step) * step)
    guard from < to, to - from <= longest else {
      faults.append("--to: found \"\(request.to)\", expected an instant after --from, and at most 100 years")
      return nil
    }
    return from..<to
  }

  private static func address(_ text: String, _ faults: inout [String]) -> String? {
    var text = text
    while text.hasSuffix("/") { text.removeLast() }
    if let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()), url.host?.isEmpty == false,
      url.query == nil, url.fragment == nil
    {
      return text
    }
    faults.append("--api: found \"\(text)\", expected a URL such as \(FetchRequest.api)")
    return nil
  }

  private static func duration(
    _ text: String, _ option: String, _ legal: ClosedRange<Double>, _ faults: inout [String]
  ) -> Duration {
    let units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
    let unit = units.first { text.hasSuffix($0.0) }
    if let seconds = Double(text.dropLast(unit?.0.count ?? 0)).map({ $0 * (unit?.1 ?? 1) }), legal.contains(seconds) {
      return .seconds(seconds)
    }
    faults.append(
      "\(option): found \"\(text)\", expected a time span from \(TextTable.number(legal.lowerBound)) to "
        + "\(TextTable.number(legal.upperBound)) s, such as 1s or 500ms")
    return .zero
  }
}

extension Instant {
  /// `2025-01-06T00:00Z`, as the API has it.
  fileprivate var minutes: String { String(iso8601.prefix(16)) + "Z" }
}
