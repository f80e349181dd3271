internal import Domain
internal import Foundation

/// The operating system's calls, with errors that say what could not be done.
enum FileCalls {
  /// Why the last call failed.
  static var reason: String { String(cString: strerror(errno)) }

  /// Waits until a file's bytes, or a directory's names, are on the disk.
  static func synchronize(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreError(description: "cannot read back \(path): \(reason)") }
    defer { close(descriptor) }
    // Some file systems know no fsync of a directory and say EINVAL: they have nothing to wait for.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw StoreError(description: "cannot write \(path): \(reason)")
    }
  }

  static func move(_ from: String, to place: String) throws(StoreError) {
    guard rename(from, place) == 0 else { throw StoreError(description: "cannot replace \(place): \(reason)") }
  }

  /// Makes a directory and those above it, each name on the disk before the next; returns those that it
  /// made.
  static func makeDirectories(_ path: String) throws(StoreError) -> [String] {
    var parts: [String] = []
    var place = path
    while !exists(place) {
      parts.append(place)
      place = parent(of: place)
    }
    parts.reverse()
    for part in parts {
      guard mkdir(part, 0o777) == 0 || errno == EEXIST else {
        throw StoreError(description: "cannot write to \(path): \(reason)")
      }
      try synchronize(parent(of: part))
    }
    guard isDirectory(path) else { throw StoreError(description: "cannot write to \(path): Not a directory") }
    return parts
  }

  /// The directory that a path's last name is in. (Foundation's own traps on a path of one letter.)
  static func parent(of path: String) -> String { path.pathParent }

  /// A path without links; `nil` where nothing is there.
  static func real(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  static func exists(_ path: String) -> Bool {
    var found = stat()
    return lstat(path, &found) == 0
  }

  /// Refuses to put a file where a device, a pipe or a socket is, which a renamed file would take the place of.
  static func demandPlain(_ path: String) throws(StoreError) {
    var found = stat()
    guard stat(path, &found) == 0 else { return }
    let kind = found.st_mode & S_IFMT
    guard kind == S_IFREG || kind == S_IFDIR else {
      throw StoreError(description: "cannot write \(path): it is not a regular file")
    }
  }

  static func isDirectory(_ path: String) -> Bool {
    var found = stat()
    return stat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a directory, sorted; none where it cannot be read.
  static func names(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

/// A lock on a directory, which the kernel lets go of when its holder dies, however it dies.
package final class DirectoryLock {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  package enum Outcome {
    case held(DirectoryLock)
    /// Another process, or another part of this one, has it.
    case taken
    /// There is no such directory, or its file system knows no locks.
    case unknown
  }

  /// - Parameter waits: whether to wait for another holder.
  package static func take(_ path: String, waits: Bool) -> Outcome {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return .unknown }
    while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let taken = errno == EWOULDBLOCK
      close(descriptor)
      return taken ? .taken : .unknown
    }
    // Whoever had it may have removed the directory meanwhile.
    var (held, named) = (stat(), stat())
    guard fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino else {
      close(descriptor)
      return .unknown
    }
    return .held(DirectoryLock(descriptor))
  }
}
