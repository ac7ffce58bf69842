#include "http_guard.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "ktx/util/digest.hpp"
#include "ktx/util/text.hpp"

namespace ktx::mcp {
namespace {

constexpr std::array<std::string_view, 3> loopback_names = {"localhost", "127.0.0.1", "[::1]"};

// Of "localhost:7878" and "[::1]:7878", what is before the port; the whole text if there is none.
std::string_view without_port(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.ends_with(']')) return authority;
  const std::string_view port = authority.substr(colon + 1);
  const bool is_port = !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos;
  return is_port ? authority.substr(0, colon) : authority;
}

// Whether `allowed` stands for the authority: a name without a port allows every port, because tunnels change
// it.
bool allows(std::string_view allowed, std::string_view authority) {
  return authority == allowed || without_port(authority) == allowed;
}

bool is_loopback_name(std::string_view authority) {
  return std::ranges::find(loopback_names, without_port(authority)) != loopback_names.end();
}

bool is_our_name(const std::string& authority, const HttpSettings& settings) {
  if (is_loopback_name(authority) || allows(lower_case(settings.host), authority)) return true;
  return std::ranges::any_of(settings.allowed_hosts, [&](const std::string& allowed) {
    return allows(lower_case(allowed), authority);
  });
}

bool is_listed_origin(const std::string& origin, const HttpSettings& settings) {
  return std::ranges::any_of(settings.allowed_origins, [&](const std::string& allowed) {
    return lower_case(allowed) == lower_case(origin);
  });
}

bool is_allowed_origin(const std::string& origin, const HttpSettings& settings) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme) && is_loopback_name(std::string_view(origin).substr(scheme.size())))
      return true;
  }
  return is_listed_origin(origin, settings);
}

// Compared by digest, so that the time tells neither the length nor the first byte that differs.
bool is_same_secret(const std::string& a, const std::string& b) {
  const Sha256 first = sha256(a);
  const Sha256 second = sha256(b);
  return ::CRYPTO_memcmp(first.data(), second.data(), first.size()) == 0;
}

std::optional<HttpReply> refuse_without_token(const HttpHead& head, const HttpSettings& settings) {
  if (settings.token.empty()) return std::nullopt;
  const std::string given = head.header("authorization");
  constexpr std::string_view scheme = "bearer ";
  const bool is_bearer = lower_case(given.substr(0, scheme.size())) == scheme;
  if (is_bearer && head.count("authorization") == 1 &&
      is_same_secret(given.substr(scheme.size()), settings.token))
    return std::nullopt;
  HttpReply reply =
      refusal(401, RpcError::invalid_request,
              given.empty() ? "This server wants a bearer token" : "The token is not the one of this server");
  reply.headers.emplace_back("WWW-Authenticate", given.empty()
                                                     ? R"(Bearer realm="ktx")"
                                                     : R"(Bearer realm="ktx", error="invalid_token")");
  return reply;
}

}  // namespace

HttpReply refusal(unsigned status, RpcError code, const std::string& message) {
  return {.status = status, .body = compact_json(error_reply(nullptr, {code, message}))};
}

std::optional<HttpReply> turned_away(const HttpHead& head, const HttpSettings& settings) {
  if (auto reply = refuse_without_token(head, settings)) return reply;
  if (head.count("host") != 1 || !is_our_name(lower_case(head.header("host")), settings)) {
    return refusal(421, RpcError::invalid_request,
                   "This server is not called by that Host; it learns names by --allow-host");
  }
  const std::string origin = lower_case(head.header("origin"));
  if (head.count("origin") > 1 || (!origin.empty() && !is_allowed_origin(origin, settings))) {
    return refusal(403, RpcError::invalid_request,
                   "Web pages of that Origin may not call this server; it learns origins by --allow-origin");
  }
  return std::nullopt;
}

std::optional<HttpReply> preflight(const HttpHead& head, const HttpSettings& settings) {
  if (head.method != "OPTIONS" || !is_listed_origin(head.header("origin"), settings)) return std::nullopt;
  HttpReply reply{.status = 204};
  reply.headers = origin_headers(head, settings);
  reply.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, DELETE");
  reply.headers.emplace_back("Access-Control-Allow-Headers",
                             "Authorization, Content-Type, Last-Event-ID, Mcp-Method, Mcp-Name, "
                             "MCP-Protocol-Version, Mcp-Session-Id");
  reply.headers.emplace_back("Access-Control-Max-Age", "600");
  return reply;
}

std::vector<std::pair<std::string, std::string>> origin_headers(const HttpHead& head,
                                                                const HttpSettings& settings) {
  const std::string origin = head.header("origin");
  if (origin.empty() || !is_listed_origin(origin, settings)) return {};
  return {{"Access-Control-Allow-Origin", origin},
          {"Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate"},
          {"Vary", "Origin"}};
}

}  // namespace ktx::mcp
