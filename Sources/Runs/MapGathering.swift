internal import Domain
internal import Figures
internal import Scenarios

/// Keeps the snapshots for the pages of many maps: the policies at the first instants, and each policy over a day.
struct MapGathering {
  /// Maximum number of instants with a page; if there are more, the first ones have one.
  static let instants = 12

  private var runs: [(label: String, file: String, snapshots: [MapSnapshot])] = []

  /// The snapshots of a run, in order; those of the first replication alone are wanted.
  mutating func add(_ snapshots: [MapSnapshot], of policy: PolicySpec, _ label: String) {
    let day = MapGathering.day(snapshots)
    // No more is kept than is drawn.
    let kept = snapshots.enumerated().filter { place, snapshot in
      place < MapGathering.instants || snapshot.at.day == day
    }
    runs.append((label, policy.label ?? policy.name, kept.map(\.element)))
  }

  /// The first day (UTC) that has two snapshots.
  private static func day(_ snapshots: [MapSnapshot]) -> Int64? {
    zip(snapshots, snapshots.dropFirst()).first { $0.at.day == $1.at.day }?.0.at.day
  }

  /// - Parameter scale: of all maps of the result.
  func pages(scale: MapScale, outline: Outline, theme: Theme) -> [(name: String, svg: String)] {
    var pages: [(String, String)] = []
    if runs.count > 1 {
      for snapshot in runs[0].snapshots.prefix(MapGathering.instants) {
        let present = runs.compactMap { run in
          run.snapshots.first { $0.at == snapshot.at }.map { (run.label, $0) }
        }
        let svg = MapMultiples.policies(
          present.map(\.1), labels: present.map(\.0), scale: scale, outline: outline, theme: theme)
        pages.append((MapMultiples.fileName(policiesAt: snapshot.at), svg))
      }
    }
    for run in runs {
      guard let day = MapGathering.day(run.snapshots) else { continue }
      let shown = run.snapshots.filter { $0.at.day == day }
      let name = MapMultiples.fileName(run.file, dayOf: shown[0].at)
      pages.append((name, MapMultiples.day(shown, scale: scale, outline: outline, theme: theme)))
    }
    return pages
  }
}

extension Instant {
  /// Days since the epoch.
  fileprivate var day: Int64 { milliseconds.flooredQuotient(86_400_000) }
}
