#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"

namespace ktx {

/// An error ends what needs the file, a warning does not; a hint is about style, and nothing is wrong.
enum class Severity : std::uint8_t { error, warning, hint };

/// The severity's name in messages and in JSON: "error", "warning", "hint".
std::string_view name(Severity severity);

/// The severity of that name; std::nullopt for an unknown name.
std::optional<Severity> severity_named(std::string_view name);

/// Where something was written.
struct Place {
  std::string file;          ///< relative to the project's folder where it lies inside, with '/'
  std::uint32_t line = 0;    ///< from 1; 0 for the file as a whole
  std::uint32_t column = 0;  ///< from 1, in characters; 0 as above
};

/// "file:line:column", or "file" for a file as a whole.
std::string text_of(const Place& place);

/// One finding about a project's files, whoever made it: what reads the files, or the planner. The terminal,
/// JSON and agents show the same object.
struct Finding {
  std::string code;  ///< stable: "unknown-key"
  Severity severity = Severity::error;
  std::string file;                         ///< with `line` and `column`, its place
  std::uint32_t line = 0;                   ///< 0 when the finding is about the file as a whole
  std::uint32_t column = 0;                 ///< 0 as above
  std::string message;                      ///< one line
  std::vector<std::string> suggestions;     ///< the names that were probably meant, the likeliest first
  std::string fix;                          ///< what to do; may be empty
  std::string source = {};                  ///< whose definition it is about; empty if it is about no source
  std::vector<std::string> concerned = {};  ///< further sources that it affects
};

/// `did you mean "columns"?`, with every suggestion; empty when there is none.
std::string did_you_mean(const Finding& finding);

/// "file:line:column: error: message [code]", then the suggestions and the fix, indented, a line each;
/// every line ends in a newline.
std::string render(const Finding& finding);

/// All members up to `fix`, in the order above; `line`, `column` and `fix` are null when there are none.
Json to_json(const Finding& finding);

/// The finding as an error that ends a command: place and message in one line.
Error to_error(const Finding& finding, ErrorKind kind);

bool has_errors(const std::vector<Finding>& findings);

/// Sorts by file, line and column, then by code, so that equal input gives equal output.
void sort_by_place(std::vector<Finding>& findings);

}  // namespace ktx
