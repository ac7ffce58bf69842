#include "ktx/output/mcp_view.hpp"

#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

std::string details(const mcp::BackgroundState& state, const mcp::BackgroundFiles& files) {
  return "url: " + state.url + "\npid: " + std::to_string(state.process.pid) + "\nversion: " + state.version +
         "\ntoken: in " + state.token + "\nwrites: " + (state.allow_write ? "allowed" : "refused") +
         "\nlog: " + files.log.string() + "\n";
}

Json described(const mcp::BackgroundState& state) {
  return {{"url", state.url},         {"pid", state.process.pid},
          {"version", state.version}, {"startedAt", state.started_at},
          {"tokenIn", state.token},   {"allowWrite", state.allow_write}};
}

}  // namespace

std::string mcp_started_text(const mcp::BackgroundState& state, const mcp::BackgroundFiles& files,
                             bool existing) {
  return std::string(existing ? "The MCP server runs already" : "Started the MCP server") + "\n" +
         details(state, files);
}

std::string mcp_started_json(const mcp::BackgroundState& state, const mcp::BackgroundFiles& files,
                             bool existing) {
  Json document = {{"state", existing ? "existing" : "started"}};
  document.update(described(state));
  document["log"] = files.log.string();
  return pretty_json(document);
}

std::string mcp_status_text(const std::optional<mcp::BackgroundState>& state,
                            const mcp::BackgroundFiles& files, const std::string& version) {
  if (!state) return "No MCP server runs in the background\nStart one: ktx mcp start\n";
  std::string text = "An MCP server runs in the background\n" + details(*state, files);
  if (state->version != version)
    text += "It is of another version than this ktx, " + version + "; replace it: ktx mcp start\n";
  return text;
}

std::string mcp_status_json(const std::optional<mcp::BackgroundState>& state,
                            const mcp::BackgroundFiles& files) {
  Json document = {{"state", state ? "running" : "stopped"}};
  if (state) document.update(described(*state));
  document["log"] = files.log.string();
  return pretty_json(document);
}

std::string mcp_stopped_text(const std::optional<mcp::BackgroundState>& stopped) {
  if (!stopped) return "No MCP server runs in the background\n";
  return "Stopped the MCP server\nurl: " + stopped->url + "\n";
}

std::string mcp_stopped_json(const std::optional<mcp::BackgroundState>& stopped) {
  Json document = {{"state", stopped ? "stopped" : "none"}};
  if (stopped) document["server"] = described(*stopped);
  return pretty_json(document);
}

}  // namespace ktx::cli
