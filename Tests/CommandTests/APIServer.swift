import Foundation
import Synchronization

/// A server on this machine that speaks as much HTTP as the Carbon Intensity API does, and fails as it is told to.
final class APIServer: Sendable {
  enum Reply: Sendable {
    case answer(Int, headers: [String] = [], body: String)
    /// So many bytes of the body, and then the connection is closed though more was announced.
    case cut(Int, body: String)
    /// The connection is closed without a word.
    case hangUp
    /// Nothing at all for so many seconds.
    case silence(Double)
  }

  let port: UInt16
  private let listener: Int32
  private let log = Mutex<[String]>([])

  /// The paths that were asked for, in their order.
  var paths: [String] { log.withLock { $0 } }

  /// - Parameter reply: what to say to a path; `time` counts from 0 how often it was asked for before.
  init(reply: @escaping @Sendable (_ path: String, _ time: Int) -> Reply) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (own, size) = (listener, length)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
        bind(own, place, size) == 0 && listen(own, 16) == 0 && getsockname(own, place, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    let thread = Thread { [self] in
      while true {
        let connection = accept(own, nil, nil)
        guard connection >= 0 else {
          close(own)
          return
        }
        serve(connection, reply)
        close(connection)
      }
    }
    thread.start()
  }

  /// The thread holds the server until it is told to stop; it closes the socket itself, as its number may be another's
  /// thereafter.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve(_ connection: Int32, _ reply: (String, Int) -> Reply) {
    var head: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
      let got = recv(connection, &piece, piece.count, 0)
      guard got > 0 else { return }
      head += piece[0..<got]
    }
    let words = String(decoding: head, as: UTF8.self).split(separator: " ")
    guard words.count > 1 else { return }
    let path = String(words[1])
    let time = log.withLock { paths in
      paths.append(path)
      return paths.count { $0 == path } - 1
    }
    switch reply(path, time) {
    case .answer(let status, let headers, let body): say(connection, status, headers, body, body.utf8.count)
    case .cut(let count, let body): say(connection, 200, [], String(body.prefix(count)), body.utf8.count)
    case .hangUp: break
    case .silence(let seconds): Thread.sleep(forTimeInterval: seconds)
    }
  }

  private func say(_ connection: Int32, _ status: Int, _ headers: [String], _ body: String, _ length: Int) {
    let lines =
      ["HTTP/1.1 \(status) Told", "Content-Type: application/json", "Content-Length: \(length)", "Connection: close"]
      + headers
    var rest = Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)[...]
    while !rest.isEmpty {
      let done = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard done > 0 else { return }
      rest = rest.dropFirst(done)
    }
  }
}

/// What the API tells, made up: every value follows from its region and time.
enum MadeUpGrid {
  static let codes = [
    "GB-N-SCOT", "GB-S-SCOT", "GB-N-WEST", "GB-N-EAST", "GB-YORK", "GB-N-WALES", "GB-S-WALES", "GB-W-MID", "GB-E-MID",
    "GB-E-ENG", "GB-S-WEST", "GB-SOUTH", "GB-LONDON", "GB-S-EAST",
  ]

  /// gCO2/kWh of a region (0: the nation) in the n-th half hour since 1970.
  static func value(_ region: Int, _ half: Int) -> Int { (region * 37 + half % 48 * 3 + half / 48 % 7 * 11) % 400 }

  static func text(_ half: Int) -> String {
    var (seconds, parts) = (time_t(half * 1800), tm())
    gmtime_r(&seconds, &parts)
    let numbers = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(parts.tm_year + 1900)-\(numbers[0])-\(numbers[1])T\(numbers[2]):\(numbers[3])Z"
  }

  static func half(_ text: some StringProtocol) -> Int {
    let form = ISO8601DateFormatter()
    form.formatOptions = [.withInternetDateTime]
    return Int((form.date(from: text.dropLast() + ":00Z")?.timeIntervalSince1970 ?? -1800) / 1800)
  }

  /// The half hours that the API tells for a window's path: the one that ends at its start, too.
  static func halves(_ path: String) -> ClosedRange<Int> {
    let times = path.split(separator: "/").filter { $0.hasSuffix("Z") }
    return half(times[0]) - 1...half(times[1]) - 1
  }

  private static func head(_ half: Int) -> String { "\"from\":\"\(text(half))\",\"to\":\"\(text(half + 1))\"" }

  /// - Parameter change: the value that a half hour is told to have; `nil` leaves it out.
  static func regions(_ path: String, change: (_ half: Int) -> Int?? = { _ in .none }) -> String {
    let periods = halves(path).compactMap { half -> String? in
      let told = change(half)
      if case .some(.none) = told { return nil }
      let regions = (1...18).map { id in
        let value = told.flatMap { $0 } ?? value(id, half)
        return "{\"regionid\":\(id),\"dnoregion\":\"D\(id)\",\"shortname\":\"Region \(id)\",\"intensity\":"
          + "{\"forecast\":\(value),\"index\":\"low\"},\"generationmix\":[{\"fuel\":\"gas\",\"perc\":1.5}]}"
      }
      return "{\(head(half)),\"regions\":[\(regions.joined(separator: ","))]}"
    }
    return "{\"data\":[\(periods.joined(separator: ","))]}"
  }

  static func region(_ path: String, _ id: Int) -> String {
    let periods = halves(path).map { half in
      "{\(head(half)),\"intensity\":{\"forecast\":\(value(id, half)),\"index\":\"low\"},\"generationmix\":[]}"
    }
    return "{\"data\":{\"regionid\":\(id),\"dnoregion\":\"D\",\"shortname\":\"Region\",\"data\":"
      + "[\(periods.joined(separator: ","))]}}"
  }

  /// - Parameter actual: the text of a half hour's measured value.
  static func nation(_ path: String, actual: (_ half: Int) -> String = { "\(value(0, $0) + 1)" }) -> String {
    let periods = halves(path).map { half in
      "{\(head(half)),\"intensity\":{\"forecast\":\(value(0, half) + 5),\"actual\":\(actual(half)),\"index\":\"low\"}}"
    }
    return "{\"data\":[\(periods.joined(separator: ","))]}"
  }

  /// The canonical CSV of all regions.
  static func table(_ halves: Range<Int>) -> String {
    let rows = halves.map { half in
      text(half).dropLast() + ":00.000Z," + (1...14).map { "\(value($0, half))" }.joined(separator: ",")
    }
    return (["datetime," + codes.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }
}
