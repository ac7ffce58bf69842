#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {

/// An error ends what needs the file, a warning does not; a hint is about style, and nothing is wrong.
enum class Severity : std::uint8_t { error, warning, hint };

/// One finding about a project's files; the terminal, JSON and agents show the same object.
struct Diagnostic {
  std::string code;  ///< stable: "unknown-key"
  Severity severity = Severity::error;
  std::string file;                      ///< relative to the project's folder where it lies inside, with '/'
  std::uint32_t line = 0;                ///< from 1; 0 when the finding is about the file as a whole
  std::uint32_t column = 0;              ///< from 1, in characters; 0 as above
  std::string message;                   ///< one line
  std::vector<std::string> suggestions;  ///< the names that were probably meant, the likeliest first
  std::string fix;                       ///< what to do; may be empty
  std::string source = {};  ///< the source whose definition it is about; empty if it is about none

  bool operator==(const Diagnostic&) const = default;
};

/// The severity's name in messages and in JSON: "error", "warning", "hint".
std::string_view name(Severity severity);

/// The severity of that name; `error` for an unknown name.
Severity severity_named(std::string_view name);

/// `did you mean "columns"?`, with every suggestion; empty when there is none.
std::string did_you_mean(const Diagnostic& diagnostic);

/// "file:line:column: error: message [code]", then the suggestions and the fix, indented, a line each;
/// every line ends in a newline.
std::string render(const Diagnostic& diagnostic);

/// All members but the source, in the order above; `line`, `column` and `fix` are null when there are none.
Json to_json(const Diagnostic& diagnostic);

/// The finding as an error that ends a command: place and message in one line.
Error to_error(const Diagnostic& diagnostic, ErrorKind kind);

bool has_errors(const std::vector<Diagnostic>& diagnostics);

/// Sorts by file, line and column, then by code, so that equal input gives equal output.
void sort_by_place(std::vector<Diagnostic>& diagnostics);

/// Advice on a finding; both may be empty.
struct Help {
  std::string suggestion;
  std::string fix;
};

/// The text in quotes, as messages show it: "text".
std::string in_quotes(std::string_view text);

/// Collects findings about files.
class Findings {
 public:
  /// `files` are what marks refer to, and must outlive this.
  explicit Findings(const std::vector<std::string>& files) : files_(files) {}

  void error(const yaml::Mark& mark, std::string code, std::string message, Help help = {});
  void warning(const yaml::Mark& mark, std::string code, std::string message, Help help = {});
  void add(Severity severity, const yaml::Mark& mark, std::string code, std::string message, Help help);

  /// A finding about a file as a whole.
  void file_error(const std::string& file, std::string code, std::string message, Help help);

  /// "file:line".
  std::string place(const yaml::Mark& mark) const;

  /// Sets the source that the next findings are about; empty for none.
  void about(std::string source) { source_ = std::move(source); }

  std::vector<Diagnostic> diagnostics;

 private:
  const std::vector<std::string>& files_;
  std::string source_;
};

/// The candidate that a misspelt `name` was probably meant to be; empty when none is close. Close is an
/// edit distance (with swapped neighbours as one edit, case ignored) of at most two, and at most a third
/// of the longer name; of equally close candidates the first wins.
std::string closest(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace ktx::project
