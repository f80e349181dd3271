internal import Foundation

/// A small file that is written whole or not at all.
package enum PlainFile {
  /// Suffix of the names of files that are not whole yet.
  package static let partialSuffix = ".partial"

  /// Writes the bytes under a name of their own, waits until they are on the disk, and gives them their name.
  ///
  /// - Throws: ``StoreError``; nothing is left behind.
  package static func replace(_ path: String, with bytes: some Collection<UInt8>) throws(StoreError) {
    try move(try write(bytes, beside: path), to: path)
  }

  /// Writes the bytes beside the place where they are to go, and returns where they are.
  package static func write(_ bytes: some Collection<UInt8>, beside path: String) throws(StoreError) -> String {
    try FileCalls.demandPlain(path)
    let partial =
      "\(path).\(ProcessInfo.processInfo.processIdentifier).\(UInt32.random(in: 0 ... .max))\(partialSuffix)"
    let text = TextBuffer()
    text.append(bytes.count) { room in
      room.copyBytes(from: bytes)
      return bytes.count
    }
    do throws(StoreError) {
      let file = try OutputFile(path: partial)
      try file.write(text)
      try file.synchronize()
    } catch {
      unlink(partial)
      throw StoreError(description: error.description.replacing(partial, with: path))
    }
    return partial
  }

  /// Gives a file that ``write(_:beside:)`` made its name.
  package static func move(_ partial: String, to path: String) throws(StoreError) {
    guard rename(partial, path) == 0 else {
      let reason = FileCalls.reason
      unlink(partial)
      throw StoreError(description: "cannot write \(path): \(reason)")
    }
  }
}
