package import Domain
internal import Foundation
internal import Inputs
package import Scenarios

/// The faults of a scenario's inputs.
package struct InputFaults {
  private(set) var texts: [String] = []
  /// True if all faults are the machine's, such as a full disk.
  private(set) var areResources = true

  package var isEmpty: Bool { texts.isEmpty }

  package mutating func add(_ error: any Error, of scenario: Scenario) {
    let fault = BadInput(error)
    areResources = areResources && fault.isResource
    texts.append((error as? InputError).map { scenario.message($0) } ?? fault.description)
  }

  /// - Parameter remarks: notes on the scenario, one of which may be the cause.
  package func throwIfAny(remarks: [String] = []) throws(BadInput) {
    guard !isEmpty else { return }
    let notes = areResources ? [] : remarks.map { "note: \($0)" }
    throw BadInput(description: (texts + notes).joined(separator: "\n"), isResource: areResources)
  }
}

extension BadInput {
  /// Adds remarks on the scenario, one of which may explain the error: an end on the next Tuesday, a week after the
  /// start. Faults of the machine, and remarks that the description already contains, are left as they are.
  package func with(remarks: [String]) -> BadInput {
    let notes = remarks.map { "note: \($0)" }.filter { !description.contains($0) }
    guard !isResource, !notes.isEmpty else { return self }
    return BadInput(description: ([description] + notes).joined(separator: "\n"))
  }
}

extension Scenario {
  /// The message about faults of an input. A file that cannot be read is reported where the scenario names it, with a
  /// file beside it that was probably meant.
  package func message(_ error: InputError) -> String {
    var error = error
    guard error.issues.count == 1, error.issues[0].isUnreadable, let place = filePlaces[error.issues[0].file] else {
      return error.description
    }
    let path = error.issues[0].file
    error.issues[0].found += " \(path)"
    if !FileManager.default.fileExists(atPath: path) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path.pathParent)) ?? []
      error.issues[0].suggestion = nearest(to: path.lastPathName, among: names.sorted())
    }
    return "\(place): \(error.issues[0].fault)".printable()
  }
}
