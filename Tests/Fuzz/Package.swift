// swift-tools-version: 6.2
import PackageDescription

// libFuzzer on every reader of outside bytes. A package of its own, so that nobody else builds it: Tests/fuzz.sh does.
let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "pylon", path: "../.."),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
  ],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [
        .product(name: "PylonSimulation", package: "pylon"), .product(name: "PylonStore", package: "pylon"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
