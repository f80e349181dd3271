import Foundation

/// The built `pylon`, which lies beside the tests.
public enum BuiltProgram {
  public static let path: String = {
    #if os(Linux)
      let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    #else
      let own = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
    #endif
    return own.deletingLastPathComponent().appendingPathComponent("pylon").path
  }()
}
