internal import Domain
internal import Experiments
internal import Foundation
internal import Synchronization

/// Results could not be told.
struct OutputFault: Error, CustomStringConvertible {
  var description: String
}

/// Prints a line for people. What a terminal would obey in names is written as `\u{1B}`.
func say(_ text: String) throws { try put(text.printable(keepsLines: true)) }

/// Prints a document: its own bytes into a file or a pipe; on a terminal what ``say(_:)`` prints.
func sayDocument(_ text: String) throws { try isatty(1) == 1 ? say(text) : put(text) }

/// Unlike `print` it minds a full disk behind a redirection.
private func put(_ text: String) throws {
  var rest = Array((text + "\n").utf8)[...]
  while !rest.isEmpty {
    let done = rest.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    if done < 0, errno == EINTR { continue }
    guard done >= 0 else {
      throw OutputFault(description: "cannot write to the standard output: \(String(cString: strerror(errno)))")
    }
    rest = rest.dropFirst(done)
  }
}

func complain(_ text: String) {
  FileHandle.standardError.write(Data((text.printable(keepsLines: true) + "\n").utf8))
}

/// Ends the process cleanly when it is told to stop (SIGINT, SIGTERM, SIGHUP): no partial files, status 3.
enum Interruption {
  /// What an interruption leaves behind, for people.
  static let legacy = Mutex("nothing was written")
  /// Whether the process goes on when a result is whole.
  static let makesMany = Mutex(false)

  /// Call it once; signals that whoever started the process had ignored (`nohup`, `&` in a script) stay ignored.
  static func watch() -> [any DispatchSourceSignal] {
    [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")].compactMap { number, name in
      var before = sigaction()
      guard sigaction(number, nil, &before) == 0, !isIgnored(before) else { return nil }
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: DispatchQueue.global())
      source.setEventHandler {
        Runner.abandon(many: makesMany.withLock { $0 }) {
          if isatty(2) == 1 { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
          complain("pylon: interrupted by \(name): " + legacy.withLock { $0 })
          _exit(3)
        }
        // Everything was done already; who insists is obeyed.
        signal(number, SIG_DFL)
      }
      source.resume()
      return source
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == 1
  }
}
