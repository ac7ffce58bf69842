// The heads of HTTP requests: who may come in, and what the headers of the newest revision say.

#include <string>

#include "fuzz_target.hpp"
#include "http_guard.hpp"
#include "http_headers.hpp"
#include "uri_template.hpp"

namespace {

using namespace ktx;

// Lines "name: value", after the first, which is the target and a body.
mcp::HttpHead head_of(std::string_view text) {
  mcp::HttpHead head{.method = "POST", .target = "/mcp", .headers = {}};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos)
      head.headers.emplace(std::string(line.substr(0, colon)), std::string(line.substr(colon + 2)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return head;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const mcp::HttpSettings settings = [] {
    mcp::HttpSettings made;
    made.allowed_hosts = {"ktx.example"};
    made.allowed_origins = {"https://chat.example"};
    return made;
  }();
  const std::string_view text = fuzz::text_of(bytes, size);
  const mcp::HttpHead head = head_of(text);
  mcp::HttpSettings secret = settings;
  secret.token = "0123456789abcdef0123456789abcdef";
  const bool has_token = head.header("authorization").find(secret.token) != std::string::npos;
  const auto refused = mcp::turned_away(head, secret);
  fuzz::require(has_token || (refused && refused->status == 401), "nobody comes in without the token");
  if (!mcp::turned_away(head, settings))
    fuzz::require(head.count("host") == 1, "a request without a name is turned away");
  mcp::preflight(head, settings);
  mcp::accepts(head, "text/event-stream");
  mcp::is_json(head);
  mcp::match_uri("test://{a}/x/{+b}", text);
  try {
    const Json params = {{"_meta",
                          {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                           {"io.modelcontextprotocol/clientCapabilities", Json::object()}}},
                         {"name", "echo"}};
    mcp::check_routing_headers(head, {{"method", "tools/call"}, {"params", params}});
    fuzz::require(head.header("mcp-method") == "tools/call", "the headers say what the body says");
  } catch (const mcp::RpcFailure& failure) {
    fuzz::require(failure.code == mcp::RpcError::header_mismatch, "a mismatch is said to be one");
  }
  return 0;
}
