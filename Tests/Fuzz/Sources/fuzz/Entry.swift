import Foundation

/// What a reader is given and must do: read, or refuse with an error that is for people. Anything else ends the
/// process, which libFuzzer keeps with its bytes.
struct Target: Sendable {
  var name: String
  var read: @Sendable (UnsafeRawBufferPointer) throws -> Void
}

/// The reader that `PYLON_FUZZ_READER` names.
private let target: Target = {
  let wanted = ProcessInfo.processInfo.environment["PYLON_FUZZ_READER"] ?? ""
  if let found = targets.first(where: { $0.name == wanted }) { return found }
  print("PYLON_FUZZ_READER: found \"\(wanted)\", expected one of \(targets.map(\.name).joined(separator: ", "))")
  exit(2)
}()

private let targets = textTargets + [resultTarget]

/// libFuzzer's own command line, as a library: SwiftPM gives every executable a `main` of its own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

private func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do { try target.read(UnsafeRawBufferPointer(start: start, count: count)) } catch {
    fatalError("an error that is none of the reader's: \(type(of: error)): \(error)")
  }
  return 0
}

@main struct Fuzz {
  static func main() {
    let count = UnsafeMutablePointer<CInt>.allocate(capacity: 1)
    count.pointee = CommandLine.argc
    let arguments = UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>.allocate(capacity: 1)
    arguments.pointee = CommandLine.unsafeArgv
    exit(runFuzzer(count, arguments, fuzzOne))
  }
}

/// A file in memory with other bytes each time.
final class MemoryFile: Sendable {
  let path: String
  private let descriptor: Int32

  init(_ name: String) {
    let memory = "/dev/shm"
    let root = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    let folder = "\(root)/pylon-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { fatalError("cannot make \(folder)") }
    path = "\(folder)/\(name)"
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
    precondition(descriptor >= 0, "cannot make \(path)")
    atexit {
      let process = ProcessInfo.processInfo.processIdentifier
      for root in ["/dev/shm", NSTemporaryDirectory()] {
        try? FileManager.default.removeItem(atPath: "\(root)/pylon-fuzz-\(process)")
      }
    }
  }

  func fill(_ bytes: UnsafeRawBufferPointer) {
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count else {
      fatalError("cannot write \(path)")
    }
  }
}
