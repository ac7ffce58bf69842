#include "ktx/mcp/refusal.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "ktx/mcp/budget.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/util/text.hpp"

namespace ktx::mcp {
namespace {

// Commands of the command line that no tool is spelled like.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> command_tools = {
    {{"sl_list", "sl_list_sources"},
     {"sl_read", "sl_read_source"},
     {"sl_write", "sl_write_source"},
     {"sl_query_explain", "sl_explain"},
     {"sql", "sql_execution"},
     {"sql_execute", "sql_execution"},
     {"wiki_list", "wiki_search"},
     {"search", "sl_search"},
     {"query", "sl_query"},
     {"validate", "sl_validate"},
     {"explain", "sl_explain"},
     {"status", "connection_list"}}};

// The name without its capitals, signs and plural: "--connection-id" is "connectionid".
std::string folded_name(std::string_view name) {
  std::string folded;
  for (const char c : lower_case(std::string(name))) {
    if (c != '_' && c != '-' && c != '.' && c != ' ') folded += c;
  }
  if (folded.ends_with('s')) folded.pop_back();
  return folded;
}

// The arguments with the wrong part, which the hints name, replaced by what was probably meant.
std::optional<Json> mended(const Json& arguments, const ErrorHints& hints) {
  if (hints.request_path.empty() || hints.suggestions.size() != 1) return std::nullopt;
  const Json::json_pointer wrong(hints.request_path);
  if (!arguments.contains(wrong)) return std::nullopt;
  Json better = arguments;
  Json& above = better[wrong.parent_pointer()];
  if (!above.is_object() || above.contains(hints.suggestions.front())) return std::nullopt;
  const Json value = above[wrong.back()];
  above.erase(wrong.back());
  above[hints.suggestions.front()] = value;
  return better;
}

// The same with the value itself replaced.
std::optional<Json> mended_value(const Json& arguments, const ErrorHints& hints) {
  if (hints.request_path.empty() || hints.suggestions.size() != 1) return std::nullopt;
  const Json::json_pointer wrong(hints.request_path);
  if (!arguments.contains(wrong) || !arguments[wrong].is_string()) return std::nullopt;
  Json better = arguments;
  better[wrong] = hints.suggestions.front();
  return better;
}

bool fits(const Json& arguments, const Json& schema) {
  try {
    check_arguments(arguments, schema);
    return true;
  } catch (const Error&) {
    return false;
  }
}

// A correction of arguments that do not fit the tool's schema, or name what is not there; null if there is
// none that is certain.
Json correction_of(const Error& error, const Tool& tool, const Json& arguments) {
  const bool is_fit = fits(arguments, tool.input);
  // A planner's error is about the question as the planner took it; its tool corrects it.
  if (is_fit && error.kind() == ErrorKind::query) return nullptr;
  const auto renamed = is_fit ? std::nullopt : mended(arguments, error.hints());
  for (const auto& better : {renamed, mended_value(arguments, error.hints())}) {
    if (better && fits(*better, tool.input)) return corrected_call(tool.name, *better);
  }
  return nullptr;
}

void shorten(Json& error, const char* member, std::size_t bytes) {
  if (!error.contains(member)) return;
  auto& text = error[member].get_ref<std::string&>();
  if (text.size() > bytes) text = std::string(fitting_text(text, bytes)) + "…";
}

// Leaves out, of what is most dispensable first, until the error fits.
Json fitting_error(Json error, std::size_t max_bytes) {
  const auto size = [&] { return compact_json({{"error", error}}).size(); };
  if (size() <= max_bytes) return error;
  error["cut"] = "max_tokens";
  for (const char* member : {"details", "findings", "routes", "did_you_mean", "corrected_call"}) {
    const auto found = error.find(member);
    if (found == error.end()) continue;
    while (found->is_array() && found->size() > 1 && size() > max_bytes) found->erase(found->size() - 1);
    if (size() > max_bytes) error.erase(member);
    if (size() <= max_bytes) return error;
  }
  constexpr std::size_t frame = 120;
  const std::size_t room = max_bytes - std::min(max_bytes, frame);
  shorten(error, "place", room / 4);
  shorten(error, "fix", room / 4);
  shorten(error, "message", room / 3);
  return error;
}

std::size_t budget_of(const Json& arguments) {
  const auto wanted = arguments.find("max_tokens");
  if (wanted == arguments.end() || !wanted->is_number_integer()) return default_max_tokens;
  const auto tokens = wanted->get<std::int64_t>();
  constexpr auto least = static_cast<std::int64_t>(least_max_tokens);
  constexpr auto most = static_cast<std::int64_t>(most_max_tokens);
  return static_cast<std::size_t>(std::clamp(tokens, least, most));
}

Json described(const Error& error) {
  Json json = {{"kind", id(error.kind())}, {"message", error.message()}};
  if (!error.fix().empty()) json["fix"] = error.fix();
  const ErrorHints& hints = error.hints();
  if (!hints.place.empty()) json["place"] = hints.place;
  if (!hints.suggestions.empty() && hints.routes.empty()) json["did_you_mean"] = hints.suggestions;
  if (!hints.routes.empty()) json["routes"] = hints.routes;
  if (!error.details().empty()) json["details"] = error.details();
  return json;
}

}  // namespace

Json corrected_call(const std::string& tool, Json arguments) {
  return {{"tool", tool}, {"arguments", std::move(arguments)}};
}

ToolResult refused(const Error& error, const Tool& tool, const Json& arguments) {
  Json json = described(error);
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error)) json.update(refusal->members());
  if (!json.contains("corrected_call")) {
    if (Json better = correction_of(error, tool, arguments); !better.is_null()) {
      json["corrected_call"] = std::move(better);
    }
  }
  ToolResult result(Json{{"error", fitting_error(std::move(json), budget_of(arguments) * bytes_per_token)}});
  result.is_error = true;
  return result;
}

ToolResult unknown_tool(const std::string& name, const std::vector<Tool>& tools) {
  std::vector<std::string> names;
  for (const Tool& tool : tools) names.push_back(tool.name);
  std::string written = name;
  std::ranges::replace_if(
      written, [](char c) { return c == '-' || c == ' ' || c == '.'; }, '_');
  if (written.starts_with("ktx_")) written.erase(0, 4);
  const auto command = std::ranges::find(command_tools, std::string_view(written),
                                         &std::pair<std::string_view, std::string_view>::first);
  std::string meant(command == command_tools.end() ? std::string_view() : command->second);
  if (std::ranges::find(names, meant) == names.end()) meant = meant_name(written, names);
  // Some clients know this beginning, which is that of the official SDK.
  std::string text = "Unknown tool: " + name;
  if (!meant.empty()) text += "; did you mean `" + meant + "`?";
  ToolResult result(nullptr);
  result.content = Json::array({text_block(text)});
  result.is_error = true;
  return result;
}

std::string meant_name(const std::string& written, const std::vector<std::string>& names) {
  const auto same = std::ranges::find(names, folded_name(written),
                                      [](const std::string& name) { return folded_name(name); });
  return same != names.end() ? *same : project::closest(written, {names.begin(), names.end()});
}

Json error_schema() {
  return {{"type", "object"}, {"description", "why the call was refused"}, {"required", {"kind", "message"}}};
}

}  // namespace ktx::mcp
