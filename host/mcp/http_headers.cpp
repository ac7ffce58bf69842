#include "http_headers.hpp"

#include <array>
#include <optional>
#include <string_view>

#include "ktx/mcp/revision.hpp"
#include "ktx/mcp/rpc.hpp"
#include "ktx/util/text.hpp"

namespace ktx::mcp {
namespace {

// The parameter whose value is in Mcp-Name.
constexpr std::array<std::pair<std::string_view, const char*>, 3> named_methods = {
    {{"tools/call", "name"}, {"prompts/get", "name"}, {"resources/read", "uri"}}};

// A value that a header cannot hold as it is comes as "=?base64?…?=". std::nullopt if that is broken.
std::optional<std::string> decoded_header(const std::string& value) {
  constexpr std::string_view begin = "=?base64?";
  constexpr std::string_view end = "?=";
  if (!value.starts_with(begin) || !value.ends_with(end) || value.size() < begin.size() + end.size())
    return value;
  const std::string_view digits =
      std::string_view(value).substr(begin.size(), value.size() - begin.size() - end.size());
  auto bytes = from_base64(digits);
  if (!bytes || to_base64(*bytes) != digits) return std::nullopt;
  return bytes;
}

[[noreturn]] void mismatch(const std::string& header) {
  throw RpcFailure{RpcError::header_mismatch, "The header " + header + " does not say what the body says"};
}

// The media types of a header, in lower case and without their parameters.
std::vector<std::string> media_types(const std::string& value) {
  std::vector<std::string> types;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t end = std::min(value.find(',', at), value.size());
    const std::string part = value.substr(at, end - at);
    types.push_back(lower_case(single_spaced(part.substr(0, part.find(';')))));
    at = end + 1;
  }
  return types;
}

}  // namespace

void check_routing_headers(const HttpHead& head, const Json& message) {
  for (const char* const name : {"mcp-protocol-version", "mcp-method", "mcp-name"}) {
    if (head.count(name) > 1) throw RpcFailure{RpcError::header_mismatch, std::string(name) + " comes twice"};
  }
  const Json& params = message.at("params");
  const std::string method = message.at("method");
  if (head.count("mcp-protocol-version") == 0 ||
      head.header("mcp-protocol-version") != read_envelope(params).revision)
    mismatch("MCP-Protocol-Version");
  if (head.header("mcp-method") != method) mismatch("Mcp-Method");
  for (const auto& [named, member] : named_methods) {
    if (named != method || !params.contains(member)) continue;
    const auto name = decoded_header(head.header("mcp-name"));
    if (!name || params.at(member) != *name) mismatch("Mcp-Name");
  }
}

bool accepts(const HttpHead& head, const std::string& type) {
  if (head.count("accept") == 0) return true;
  const std::string group = type.substr(0, type.find('/')) + "/*";
  for (const std::string& accepted : media_types(head.header("accept"))) {
    if (accepted == type || accepted == group || accepted == "*/*") return true;
  }
  return false;
}

bool is_json(const HttpHead& head) {
  return head.count("content-type") == 1 &&
         media_types(head.header("content-type")).front() == "application/json";
}

}  // namespace ktx::mcp
