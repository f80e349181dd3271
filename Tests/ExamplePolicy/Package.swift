// swift-tools-version: 6.2
import PackageDescription

// A researcher's own package: policies, an executable that is `pylon` with them, and their conformance tests.
let package = Package(
  name: "example-policy",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "pylon", path: "../..")],
  targets: [
    .target(name: "ExamplePolicies", dependencies: [.product(name: "PylonPolicies", package: "pylon")]),
    .executableTarget(
      name: "my-pylon", dependencies: ["ExamplePolicies", .product(name: "PylonCommands", package: "pylon")]),
    .testTarget(
      name: "ExamplePoliciesTests",
      dependencies: [
        "ExamplePolicies", .product(name: "PylonPolicies", package: "pylon"),
        .product(name: "PylonConformance", package: "pylon"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
