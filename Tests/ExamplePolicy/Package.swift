// swift-tools-version: 6.2
import PackageDescription

// A researcher's own package: a policy, an executable that is `pylon` with it, and its conformance test.
let package = Package(
  name: "example-policy",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "pylon", path: "../..")],
  targets: [
    .target(name: "TwoChoices", dependencies: [.product(name: "PylonPolicies", package: "pylon")]),
    .executableTarget(
      name: "my-pylon", dependencies: ["TwoChoices", .product(name: "PylonCommands", package: "pylon")]),
    .testTarget(
      name: "TwoChoicesTests", dependencies: ["TwoChoices", .product(name: "PylonConformance", package: "pylon")]),
  ],
  swiftLanguageModes: [.v6]
)
