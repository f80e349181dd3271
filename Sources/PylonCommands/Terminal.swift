internal import ArgumentParser
internal import Domain
internal import Foundation
internal import Runs
internal import Synchronization

/// Results could not be told.
struct OutputFault: Error, CustomStringConvertible {
  var description: String
}

/// Prints a line for people. What a terminal would obey in names is written as `\u{1B}`.
func say(_ text: String) throws { try put(text.printable(keepsLines: true)) }

/// Prints a document: its own bytes into a file or a pipe; on a terminal what ``say(_:)`` prints.
func sayDocument(_ text: String) throws { try isatty(1) == 1 ? say(text) : put(text) }

/// Writes a document that ends with a newline to a file; to standard output if there is no file or it is `-`.
///
/// - Parameter isTold: whether a line names the file.
func deliver(_ document: String, to out: String?, isTold: Bool = true) throws {
  guard let out, out != "-" else { return try sayDocument(String(document.dropLast())) }
  try TextFile.write(document, to: out)
  if isTold { try say("written: \(out)") }
}

/// Refuses to print an HTML page on a terminal, unless `-` asks for it.
///
/// - Parameter remedy: the option that names a file.
func demandFile(_ out: String?, _ remedy: String) throws {
  guard out == nil, isatty(1) == 1 else { return }
  complain("pylon: found a terminal for an HTML page, expected a file: \(remedy) (-o - prints the page)")
  throw ExitCode(2)
}

/// Unlike `print` it minds a full disk behind a redirection. A reader that has closed its end of a pipe (`| head -1`) has
/// had what it wanted: the rest is dropped, and the command ends as it would have.
private func put(_ text: String) throws {
  let fault = StandardStreams.write(text + "\n", to: 1)
  guard let fault, fault != EPIPE else { return }
  throw OutputFault(description: "cannot write to standard output: \(String(cString: strerror(fault)))")
}

/// Prints a line to standard error. One that cannot be written is dropped: the exit status still holds.
func complain(_ text: String) { _ = StandardStreams.write(text.printable(keepsLines: true) + "\n", to: 2) }

/// Descriptors 0, 1 and 2.
enum StandardStreams {
  /// Makes sure that the three are open, so that no data file gets one of their numbers, and that a closed pipe is an
  /// error of `write` instead of the process's end. A stream that was closed opens `/dev/null` the wrong way round, so
  /// that using it still fails.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Leaves with status 3 if the system lets the process open too few files for any command: libraries would end it by a
  /// signal, or take an input for unreadable.
  static func demandDescriptors() {
    let least: rlim_t = 16
    var limit = rlimit()
    #if os(Linux)
      let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let kind = RLIMIT_NOFILE
    #endif
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < least else { return }
    complain("pylon: found a limit of \(limit.rlim_cur) open files (ulimit -n), expected at least \(least)")
    exit(3)
  }

  /// - Returns: the error number of what could not be written; `nil` if all was.
  static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let done = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if done >= 0 {
        rest = rest.dropFirst(done)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&waiting, 1, 60_000) == 0 { return EAGAIN }
      case let fault: return fault
      }
    }
    return nil
  }
}

/// Ends the process cleanly when it is told to stop (SIGINT, SIGTERM, SIGHUP): no partial files, status 3.
enum Interruption {
  /// State that an interruption leaves behind, as a text for people.
  static let legacy = Mutex("nothing was written")
  /// True if the process continues when a result is whole.
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
          if isatty(2) == 1 { _ = StandardStreams.write("\r\u{1B}[K", to: 2) }
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

/// Prints what stopped the work and leaves with the contract's status.
func guarded<Value>(_ work: () throws -> Value) throws -> Value {
  do { return try work() } catch {
    complain("pylon: \(error)")
    let isInput = (error as? BadInput).map { !$0.isResource } ?? false
    throw ExitCode(isInput ? 2 : 3)
  }
}
