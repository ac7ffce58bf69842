#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/mcp/budget.hpp"
#include "ktx/mcp/cursor.hpp"
#include "ktx/mcp/engine.hpp"
#include "ktx/mcp/tool.hpp"

namespace ktx::mcp {

inline constexpr std::chrono::seconds usual_time_limit{60};

/// For tools that may send a database several statements, each with a limit of its own.
inline constexpr std::chrono::seconds database_time_limit{180};

/// A tool as its file declares it; the table adds what all tools have.
struct ToolSpec {
  std::string name;
  std::vector<std::string> aliases = {};  ///< names that earlier clients know
  std::string title;
  std::string description;  ///< what it is for
  std::string example;      ///< arguments, as JSON
  Json properties;          ///< schemas of its arguments
  std::vector<std::string> required = {};
  Json head;   ///< schemas of `Answer::head`, all of which are always there
  Json parts;  ///< schemas of `Answer::parts`
  Annotations annotations = {};
  std::chrono::milliseconds time_limit = usual_time_limit;  ///< a call that takes longer is ended
  std::function<Answer(CallSession& session, Call& call, const Json& arguments)> answer;
};

/// The operation table while it is filled. Every tool takes `max_tokens` and `cursor` and keeps to its
/// budget.
class ToolTable {
 public:
  explicit ToolTable(Engine& engine) : engine_(engine) {}

  Engine& engine() const { return engine_; }

  void add(ToolSpec spec);

  std::vector<Tool> take() && { return std::move(tools_); }

 private:
  Engine& engine_;
  std::shared_ptr<KeptAnswers> kept_ = std::make_shared<KeptAnswers>();
  std::vector<Tool> tools_;
};

/// Schemas. `description` may be empty.
Json text_schema(const std::string& description);
Json flag_schema(const std::string& description);
Json count_schema(const std::string& description);
Json list_schema(Json items, const std::string& description);
Json choice_schema(std::vector<std::string> values, const std::string& description);
Json object_schema(Json properties, const std::vector<std::string>& required);
Json or_null(const std::string& type);

/// The schema of `trust`, which marks a result whose texts come from files or from a database.
Json trust_schema();
inline constexpr const char* trust_data = "data";

/// The text of an argument, if it is given.
std::optional<std::string> text_argument(const Json& arguments, const char* name);

/// The error with the argument that it is about, so that a correction can be offered.
Error about_argument(const Error& error, const std::string& name);

/// `connectionId` of the arguments, whose form is checked; std::nullopt if it is not given and need not be.
/// Throws a `connection` error with what was probably meant if it is not known.
std::optional<std::string> connection_argument(const project::Project& project, const Json& arguments);

/// `connectionId` of the arguments, else the only connection. Throws a `connection` error that lists the ids
/// if there are several.
std::string one_connection(const project::Project& project, const Json& arguments);

/// What the session collected for a person, as the part `notes`.
Part notes_part(const CallSession& session, std::vector<std::string> more = {});

}  // namespace ktx::mcp
