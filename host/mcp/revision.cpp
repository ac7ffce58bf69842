#include "ktx/mcp/revision.hpp"

#include <algorithm>

#include "ktx/mcp/rpc.hpp"

namespace ktx::mcp {
namespace {

constexpr std::string_view revision_key = "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view capabilities_key = "io.modelcontextprotocol/clientCapabilities";
constexpr std::string_view log_level_key = "io.modelcontextprotocol/logLevel";

const Json* envelope_of(const Json& params) {
  if (!params.is_object()) return nullptr;
  const auto meta = params.find("_meta");
  return meta != params.end() && meta->is_object() ? &*meta : nullptr;
}

Json supported() {
  Json list = Json::array();
  for (const auto revision : stateless_revisions) list.push_back(revision);
  return list;
}

}  // namespace

bool is_handshake_revision(std::string_view revision) {
  return std::ranges::find(handshake_revisions, revision) != handshake_revisions.end();
}

std::string agreed_revision(const std::string& asked) {
  return is_handshake_revision(asked) ? asked : std::string(handshake_revisions.back());
}

bool has_envelope(const Json& params) {
  const Json* meta = envelope_of(params);
  return meta != nullptr && meta->contains(revision_key);
}

Envelope read_envelope(const Json& params) {
  const Json* meta = envelope_of(params);
  for (const std::string_view key : {revision_key, capabilities_key}) {
    if (meta == nullptr || !meta->contains(key))
      throw RpcFailure{RpcError::invalid_params, "params._meta lacks " + std::string(key)};
  }
  if (!meta->at(revision_key).is_string())
    throw RpcFailure{RpcError::invalid_params, std::string(revision_key) + " is a text"};
  if (!meta->at(capabilities_key).is_object())
    throw RpcFailure{RpcError::invalid_params, std::string(capabilities_key) + " is an object"};
  Envelope envelope = {meta->at(revision_key), meta->at(capabilities_key), std::nullopt};
  const auto level = meta->find(log_level_key);
  if (level != meta->end() && level->is_string()) envelope.log_level = level->get<std::string>();
  return envelope;
}

void check_stateless_revision(const std::string& revision) {
  if (std::ranges::find(stateless_revisions, revision) != stateless_revisions.end()) return;
  throw RpcFailure{RpcError::unsupported_version,
                   "Unsupported protocol version",
                   {{"supported", supported()}, {"requested", revision}}};
}

bool has_method(Era era, std::string_view method) {
  constexpr std::array both = {"completion/complete", "prompts/get",    "prompts/list",
                               "resources/list",      "resources/read", "resources/templates/list",
                               "tools/call",          "tools/list"};
  constexpr std::array handshake_only = {"initialize", "logging/setLevel", "ping", "resources/subscribe",
                                         "resources/unsubscribe"};
  if (std::ranges::find(both, method) != both.end()) return true;
  if (era == Era::stateless) return method == "server/discover";
  return std::ranges::find(handshake_only, method) != handshake_only.end();
}

}  // namespace ktx::mcp
