internal import Foundation

/// A command with its arguments and subcommands, as `--experimental-dump-help` describes it.
struct CommandDescription: Decodable {
  private struct Tool: Decodable { var command: CommandDescription }

  struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String

      var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
    }
    var kind: String
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var defaultValue: String?
    var abstract: String?
    var discussion: String?
  }

  var superCommands: [String]?
  var commandName: String
  var abstract: String?
  var discussion: String?
  var subcommands: [CommandDescription]?
  var arguments: [Argument]?

  var path: [String] { (superCommands ?? []) + [commandName] }

  /// - Throws: if the dump has another form.
  init(dump: String) throws { self = try JSONDecoder().decode(Tool.self, from: Data(dump.utf8)).command }
}
