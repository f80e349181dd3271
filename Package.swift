// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func trial(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "pylon",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "pylon", targets: ["pylon"]),
    .library(name: "PylonPolicies", targets: ["Domain", "Randomness", "Engine", "Policies"]),
    .library(name: "PylonCommands", targets: ["PylonCommands"]),
    .library(name: "PylonConformance", targets: ["PolicyConformance"]),
    .library(name: "PylonStore", targets: ["Audit", "Results", "ResultReading"]),
    .library(
      name: "PylonSimulation",
      targets: ["Domain", "Scenarios", "Inputs", "Engine", "Metrics", "Runs", "Reports", "Studies"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.0.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    room("Domain", []),
    room("TextIO", ["CZlib"]),
    room("Randomness", ["CGSL"]),
    room("Engine", ["Domain"]),
    room(
      "Policies",
      [
        "Domain", "Engine", "Randomness", .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    room(
      "Scenarios", ["Domain", "Randomness", "Policies", "TextIO", .product(name: "Yams", package: "Yams")]),
    room("Inputs", ["Domain", "Randomness", "Scenarios", "TextIO"]),
    room("PolicyConformance", ["Domain", "Randomness", "Policies", "Inputs", "Engine"]),
    room("Metrics", ["CGSL", "Domain", "Randomness"]),
    room(
      "Audit",
      ["Domain", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift")]),
    room(
      "Results",
      [
        "Domain", "Metrics", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    room("ResultReading", ["Audit", "Domain", "Metrics", "Results", .product(name: "GRDB", package: "GRDB.swift")]),
    room("Figures", ["Domain", "Metrics"]),
    room(
      "Runs",
      [
        "Audit", "Domain", "Engine", "Figures", "Inputs", "Metrics", "Policies", "Randomness", "ResultReading",
        "Results", "Scenarios",
      ]),
    room(
      "Reports",
      [
        "Audit", "Domain", "Figures", "Metrics", "Policies", "ResultReading", "Results", "Runs", "Scenarios",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    room(
      "Studies",
      [
        "Domain", "Engine", "Figures", "Metrics", "Policies", "Randomness", "Reports", "Results", "Runs", "Scenarios",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    room("TraceFetch", ["Domain", "Inputs", "Results", "Runs", "Scenarios"]),
    room(
      "Swarm",
      [
        "Domain", "Randomness", "Policies", "PolicyConformance", "Runs", "Studies",
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Yams", package: "Yams"),
      ]),
    room(
      "PylonCommands",
      [
        "Domain", "Policies", "Runs", "Reports", "Studies", "TraceFetch", "Swarm",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "pylon", dependencies: ["PylonCommands"], swiftSettings: strict),
    .executableTarget(
      name: "benchmark",
      dependencies: ["Domain", "Policies", "Scenarios", "Inputs", "Engine", "Metrics", "Results"],
      swiftSettings: strict),
    trial("HouseTests", []),
    trial("DomainTests", ["Domain"]),
    trial("RandomnessTests", ["CGSL", "Randomness"]),
    trial("FiguresTests", ["Domain", "Figures", "Metrics"]),
    trial("EngineTests", ["Domain", "Engine", "Inputs", "Policies"]),
    trial("PoliciesTests", ["Domain", "Engine", "Inputs", "Policies", "Randomness"]),
    trial("PolicyConformanceTests", ["Domain", "Engine", "Policies", "PolicyConformance"]),
    trial("MetricsTests", ["Domain", "Metrics", "Randomness"]),
    trial("InputsTests", ["CGSL", "CZlib", "Domain", "Inputs", "Randomness", "Scenarios", "TextIO"]),
    trial("ExperimentsTests", ["Domain", "Reports", "Runs", "Studies", .product(name: "GRDB", package: "GRDB.swift")]),
    trial("ScenariosTests", ["Domain", "Policies", "Randomness", "Scenarios"]),
    trial(
      "StoreTests",
      [
        "Audit", "Domain", "Reports", "ResultReading", "Results", "Runs",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    trial("SwarmTests", ["Swarm", "Policies", "Scenarios", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(name: "BuiltProgram", path: "Tests/BuiltProgram", swiftSettings: strict),
    trial("CommandTests", ["BuiltProgram", "Results"]),
    trial(
      "BookTests",
      ["BuiltProgram", "Domain", "Policies", "Scenarios", "Swarm", .product(name: "GRDB", package: "GRDB.swift")]),
  ],
  swiftLanguageModes: [.v6]
)
