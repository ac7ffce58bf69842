#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ktx/app/query_run.hpp"
#include "ktx/mcp/engine.hpp"
#include "ktx/project/project.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// A question to the semantic layer as the arguments of a call ask it: those of `sl_query`.
struct Question {
  std::string connection_id;
  semantic::Query query;
};

/// Reads the question. A dimension may be written "orders.created_at:month", an order "orders.revenue:desc".
/// Throws `usage`, `query` and `connection` errors.
Question read_question(const project::Project& project, const Json& arguments);

/// What to do with a question.
struct Asking {
  bool execute = false;
  bool explain = false;
  std::optional<std::int64_t> max_rows;
};

/// The answer to a question, with what had to be guessed among its warnings. Throws what `app::QueryRun`
/// throws, and a `Refusal` with `findings` if the sources have errors.
app::QueryAnswer ask(CallSession& session, const Engine& engine, const project::Project& project,
                     const Question& question, const Asking& asking);

/// Whether the question compiles. Throws only when there is no planner.
bool compiles(CallSession& session, const Engine& engine, const project::Project& project,
              const Json& arguments);

/// Throws the error of a call again, with `corrected_call` if names in it are misspelt, each has one near
/// name only, and the corrected question compiles.
[[noreturn]] void refuse_question(const Error& error, CallSession& session, const Engine& engine,
                                  const project::Project& project, const std::string& tool,
                                  const Json& arguments);

/// The schemas of the arguments that make a question.
Json question_properties();

}  // namespace ktx::mcp
