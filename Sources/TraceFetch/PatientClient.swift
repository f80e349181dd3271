internal import Domain
internal import Foundation
internal import Runs
internal import Synchronization

// Foundation's own client: it comes with the toolchain that built the program, where AsyncHTTPClient would cost whoever
// builds it a dozen packages (NIO, TLS, HTTP/2, …) for a request a second.
#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// A question that found no answer: the exit code is 3.
public struct FetchError: Error, CustomStringConvertible {
  public var description: String
}

/// Retry policy for failed requests.
struct Patience: Sendable {
  /// Further attempts after the first.
  var retries: Int
  /// The wait before the second attempt; it doubles from one to the next, up to five minutes.
  var wait: Duration
  /// How long nothing may come before an attempt is given up.
  var timeout: Duration

  static let longestWait = Duration.seconds(300)
  /// A server that asks for a longer one is left alone.
  static let longestAsked = Duration.seconds(3600)

  /// Before the attempt after so many failed ones, without what the server asks for.
  func wait(after failures: Int) -> Duration {
    min(Patience.longestWait, wait * Double(1 << min(failures - 1, 30)))
  }
}

/// Gets documents over HTTP, one at a time, and asks again where the fault may pass: a status of 408, 425, 429 or 5xx,
/// a connection that fails or is cut, silence, an answer that is not whole. Other statuses are told at once.
struct PatientClient {
  private let patience: Patience
  private let session: URLSession
  private let tell: (String) -> Void

  /// Bytes; a window's answer has ten million at most.
  static let largestAnswer = 64 << 20

  init(patience: Patience, tell: @escaping (String) -> Void) {
    self.patience = patience
    self.tell = tell
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = patience.timeout / .seconds(1)
    configuration.timeoutIntervalForResource = max(60, 20 * (patience.timeout / .seconds(1)))
    configuration.httpAdditionalHeaders = [
      "User-Agent": "pylon (carbon-scheduling simulator)", "Accept": "application/json",
    ]
    configuration.httpMaximumConnectionsPerHost = 1
    session = URLSession(configuration: configuration)
  }

  /// Lets go of the connection.
  func close() { session.invalidateAndCancel() }

  /// Assessment of a response body.
  enum Verdict {
    case good
    /// Perhaps another attempt gets a better one.
    case passing(String)
    case bad(String)
  }

  /// - Parameter judge: looks at the body of every answer with status 200.
  /// - Throws: ``BadInput`` where asking again is of no use, ``FetchError`` where it has been of none; what `judge`
  ///   throws.
  func get(_ address: String, judge: (Data) throws -> Verdict) throws {
    guard let url = URL(string: address) else {
      throw BadInput(description: "--api: found \(address), expected a URL such as https://api.carbonintensity.org.uk")
    }
    var failures = 0
    while true {
      let fault: Fault
      switch try attempt(url, judge) {
      case nil: return
      case .final(let text)?: throw BadInput(description: "\(address): \(text)")
      case .barred(let text)?: throw FetchError(description: "\(address): \(text)")
      case .passing(let text, let asked)?: fault = Fault(text: text, asked: asked)
      }
      failures += 1
      guard failures <= patience.retries else {
        throw FetchError(description: "\(address): \(fault.text); given up after \(counted(failures, "attempt"))")
      }
      if let asked = fault.asked, asked > Patience.longestAsked {
        throw FetchError(
          description: "\(address): \(fault.text); the server asks for a wait of \(PatientClient.seconds(asked))")
      }
      // A little more than planned, so that many who failed together do not come back together.
      let own = patience.wait(after: failures) * Double.random(in: 1...1.25)
      let wait = max(own, fault.asked ?? .zero)
      tell(
        "\(address): \(fault.text); retrying in \(PatientClient.seconds(wait)) "
          + "(attempt \(failures + 1) of \(patience.retries + 1))")
      Thread.sleep(forTimeInterval: wait / .seconds(1))
    }
  }

  private struct Fault {
    var text: String
    var asked: Duration?
  }

  private enum Outcome {
    /// More attempts may help.
    case passing(String, asked: Duration?)
    /// The question cannot be right.
    case final(String)
    /// Nothing is wrong with the question, and more attempts do not help.
    case barred(String)
  }

  /// One attempt; `nil` where it went well.
  private func attempt(_ url: URL, _ judge: (Data) throws -> Verdict) throws -> Outcome? {
    let (body, response, error) = load(url)
    if let error { return PatientClient.outcome(of: error) }
    guard let answer = response as? HTTPURLResponse else { return .barred("no HTTP response") }
    let body200 = body ?? Data()
    guard answer.statusCode == 200 else {
      let text = "HTTP \(answer.statusCode)" + PatientClient.excerpt(of: body200)
      switch answer.statusCode {
      case 408, 425, 429, 500...599:
        let asked = answer.value(forHTTPHeaderField: "Retry-After").flatMap { RetryAfter.duration($0, now: Date()) }
        return .passing(text, asked: asked)
      default: return .final(text)
      }
    }
    switch try judge(body200) {
    case .good: return nil
    case .passing(let text): return .passing(text, asked: nil)
    case .bad(let text): return .final(text)
    }
  }

  private final class Answer: Sendable {
    let content = Mutex<(body: Data?, response: URLResponse?, error: (any Error)?)>((nil, nil, nil))
  }

  private func load(_ url: URL) -> (body: Data?, response: URLResponse?, error: (any Error)?) {
    let answer = Answer()
    let done = DispatchSemaphore(value: 0)
    let task = session.dataTask(with: URLRequest(url: url)) { body, response, error in
      answer.content.withLock { $0 = (body, response, error) }
      done.signal()
    }
    task.resume()
    done.wait()
    return answer.content.withLock { $0 }
  }

  private static func outcome(of error: any Error) -> Outcome {
    guard let error = error as? URLError else { return .barred("\(error.localizedDescription)") }
    let text =
      switch error.code {
      case .timedOut: "no response in time"
      case .cannotConnectToHost: "no connection to the host"
      case .networkConnectionLost: "the connection was lost"
      case .cannotFindHost, .dnsLookupFailed: "the host was not found"
      default: error.localizedDescription
      }
    switch error.code {
    case .badURL, .unsupportedURL: return .final(text)
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
      .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected,
      .clientCertificateRequired, .httpTooManyRedirects, .userAuthenticationRequired:
      return .barred(text)
    default: return .passing(text, asked: nil)
    }
  }

  /// The first line of a body for people.
  private static func excerpt(of body: Data) -> String {
    let words = String(decoding: body.prefix(4096), as: UTF8.self).split { $0.isWhitespace || $0.isNewline }
    let line = words.joined(separator: " ")
    let shown = line.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.prefix(160)
    var text = ""
    text.unicodeScalars.append(contentsOf: shown)
    return text.isEmpty ? "" : " (\(text)\(line.count > 160 ? "…" : ""))"
  }

  static func seconds(_ duration: Duration) -> String { String(format: "%.3g s", duration / .seconds(1)) }
}

/// The header `Retry-After` (RFC 9110 §10.2.3).
enum RetryAfter {
  /// - Returns: `nil` for what is neither a whole number of seconds nor a date; zero for a date that has passed.
  static func duration(_ text: String, now: Date) -> Duration? {
    let text = text.trimmingCharacters(in: .whitespaces)
    if let seconds = UInt32(text) { return .seconds(Int(seconds)) }
    let form = DateFormatter()
    form.locale = Locale(identifier: "en_US_POSIX")
    form.timeZone = TimeZone(secondsFromGMT: 0)
    form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    guard let date = form.date(from: text) else { return nil }
    return .seconds(max(0, date.timeIntervalSince(now)))
  }
}
