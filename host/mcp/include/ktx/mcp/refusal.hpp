#pragma once

#include <string>
#include <vector>

#include "ktx/mcp/tool.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// An error with further members for the caller, such as `findings` or `corrected_call`.
class Refusal : public Error {
 public:
  Refusal(const Error& error, Json members) : Error(error), members_(std::move(members)) {}

  const Json& members() const { return members_; }

 private:
  Json members_;
};

/// The call that the caller probably meant.
Json corrected_call(const std::string& tool, Json arguments);

/// The result for an error: kind, message, what to do (`fix`), `place` in the project's files,
/// `did_you_mean`, `routes`, `details`, and the members of a `Refusal`. If the arguments were refused and
/// exactly one correction of them fits the tool, that is in `corrected_call`. Keeps to the `max_tokens` of
/// the arguments, if that can be read, else to the default.
ToolResult refused(const Error& error, const Tool& tool, const Json& arguments);

/// The result for the name of a tool that is not there: names the one that was probably meant, be it written
/// as a command of the command line.
ToolResult unknown_tool(const std::string& name, const std::vector<Tool>& tools);

/// The name that `written` probably stands for, in other capitals, with other signs between its words or in
/// the singular, or with a slip; empty if none does.
std::string meant_name(const std::string& written, const std::vector<std::string>& names);

/// The schema of the member `error` of a result.
Json error_schema();

}  // namespace ktx::mcp
