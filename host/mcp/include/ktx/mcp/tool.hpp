#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
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

  /// Tells the client's log, if it asked for messages of that level: "debug", "info", "notice", "warning",
  /// "error", "critical", "alert" or "emergency".
  virtual void log(const std::string& level, const Json& data) = 0;

  /// Tells the client that the resource of that address is not as it was, if it watches it.
  virtual void changed(const std::string& uri) = 0;

  /// Whether the client said that it can, as "sampling" or "elicitation".
  virtual bool client_can(const std::string& capability) const = 0;

  /// Asks the client, where the revision lets a server ask while it works: `sampling/createMessage`,
  /// `elicitation/create`, `roots/list`. Throws `Error` if it cannot be asked or answers with an error.
  virtual Json request(const std::string& method, const Json& params) = 0;

  /// What the client answered to `InputRequired::requests`, by name, and the state that it was given.
  virtual const Json& input_responses() const = 0;
  virtual const std::string& request_state() const = 0;
};

/// A content block of the protocol that holds a text.
Json text_block(const std::string& text);

/// What a tool says.
struct ToolResult {
  /// Only structured content; its text is added for clients that read nothing else.
  ToolResult(Json object) : structured(std::move(object)) {}  // NOLINT(google-explicit-constructor)

  Json structured;         ///< an object that fits the tool's `output`, or null if it has none
  Json content = nullptr;  ///< an array of content blocks instead of the text of `structured`
  bool is_error = false;   ///< what the caller can mend
};

/// Thrown by what is called when the client must answer first, and then call again: how a server asks since
/// 2026-07-28, where `Call::request` is not there any more.
struct InputRequired {
  Json requests;      ///< by a name, a request of the protocol: its method and params
  std::string state;  ///< comes back with the answers; empty for none
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
  Json output;              ///< JSON Schema of the structured content; null if it has none
  Annotations annotations;

  /// Returns the structured content, or more. The arguments fit `input`. Throws `Error` for what the caller
  /// can mend or must know; it becomes a result with `isError`. `InputRequired` and `RpcFailure` (rpc.hpp)
  /// pass.
  std::function<ToolResult(Call& call, const Json& arguments)> run;
};

/// Throws a `usage` error, with the place and the near name, unless the arguments fit the schema. It may use
/// type, properties, required, additionalProperties, items, anyOf, enum, minimum, maximum, minLength,
/// maxLength, minItems, pattern-free texts and default.
void check_arguments(const Json& arguments, const Json& schema);

}  // namespace ktx::mcp
