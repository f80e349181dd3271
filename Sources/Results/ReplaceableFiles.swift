internal import Foundation

/// Tells before a replacement is decided whether its moves could be done: once the journal is written, a move that the
/// system forbids would leave a folder that no later run can finish.
struct ReplaceableFiles {
  let folder: String

  /// - Parameters:
  ///   - names: files that will be replaced.
  ///   - removed: files that will be removed.
  /// - Throws: ``StoreError`` that names the first file which may not be.
  func demand(_ names: [String], removed: [String]) throws(StoreError) {
    var own = stat()
    guard stat(folder, &own) == 0 else {
      throw StoreError(description: "cannot write to \(folder): \(FileCalls.reason)")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw StoreError(description: "cannot write to \(folder): \(FileCalls.reason)")
    }
    if ReplaceableFiles.isFrozen(folder) {
      throw StoreError(description: "cannot write to \(folder): files in it may only be added (it is append-only)")
    }
    let user = geteuid()
    let isSticky = own.st_mode & S_ISVTX != 0 && user != 0 && own.st_uid != user
    for (name, verb) in names.map({ ($0, "replace") }) + removed.map({ ($0, "remove") }) {
      let place = folder + "/" + name
      var file = stat()
      guard lstat(place, &file) == 0 else { continue }
      if file.st_mode & S_IFMT == S_IFDIR {
        throw StoreError(description: "cannot \(verb) \(place): it is a directory")
      }
      if isSticky, file.st_uid != user {
        throw StoreError(
          description: "cannot \(verb) \(place): another user's file, in a folder with the sticky bit; nothing was "
            + "written. Choose another folder, or have its owner remove the file")
      }
      if file.st_mode & S_IFMT == S_IFREG, ReplaceableFiles.isFrozen(place) {
        throw StoreError(
          description: "cannot \(verb) \(place): it may not be changed (immutable or append-only); nothing was written")
      }
    }
  }

  /// True if a file or folder has the attribute `i` or `a` of Linux, or a corresponding flag of macOS, which prevents
  /// even its owner from renaming it.
  static func isFrozen(_ path: String) -> Bool {
    #if os(Linux)
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      var flags: Int = 0
      // FS_IOC_GETFLAGS of linux/fs.h, with FS_IMMUTABLE_FL and FS_APPEND_FL; file systems without them fail.
      guard ioctl(descriptor, 0x8008_6601, &flags) == 0 else { return false }
      return flags & 0x30 != 0
    #else
      var found = stat()
      guard lstat(path, &found) == 0 else { return false }
      return found.st_flags & UInt32(UF_IMMUTABLE | UF_APPEND | SF_IMMUTABLE | SF_APPEND) != 0
    #endif
  }
}
