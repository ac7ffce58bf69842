#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ktx/util/cancellation.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// One call of a tool, as the tool sees it.
class Call {
 public:
  virtual ~Call() = default;

  /// Happens when the client no longer waits for the result.
  virtual Cancellation& cancellation() = 0;

  /// How far the work is; reaches the client if it asked for that. `total` is in the units of `done`.
  virtual void progress(double done, std::optional<double> total, const std::string& what) = 0;
};

/// What a client may assume of a tool before it calls it.
struct Annotations {
  bool read_only = true;
  bool destructive = false;  ///< may take away what was there
  bool idempotent = true;    ///< a second call with the same arguments changes nothing more
  bool open_world = false;   ///< reaches what is outside of the project's files, such as a database
};

/// One tool of the operation table that all transports share.
struct Tool {
  std::string name;  ///< 1 to 128 of `A–Z a–z 0–9 _ - .`
  std::string title;
  std::string description;  ///< what it is for, with an example of its arguments
  Json input;               ///< JSON Schema of an object; see `check_arguments` for what it may use
  Json output;              ///< JSON Schema of the structured content
  Annotations annotations;

  /// Returns the structured content. The arguments fit `input`. Throws `Error` for what the caller can mend
  /// or must know; it becomes a result with `isError`.
  std::function<Json(Call& call, const Json& arguments)> run;
};

/// Throws a `usage` error, with the place and the near name, unless the arguments fit the schema. It may use
/// type, properties, required, additionalProperties, items, anyOf, enum, minimum, maximum, minLength,
/// maxLength, minItems, pattern-free texts and default.
void check_arguments(const Json& arguments, const Json& schema);

}  // namespace ktx::mcp
