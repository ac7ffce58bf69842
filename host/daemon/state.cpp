#include "ktx/daemon/state.hpp"

#include <algorithm>
#include <limits>

namespace ktx::daemon {
namespace {

constexpr ErrorKind kind = ErrorKind::daemon;

std::uint16_t read_port(const JsonObject& state) {
  const std::uint64_t port = state.count("port");
  if (port == 0 || port > std::numeric_limits<std::uint16_t>::max())
    throw state.wrong("port", "must be 1 to 65535");
  return static_cast<std::uint16_t>(port);
}

pid_t read_pid(const JsonObject& state) {
  const std::uint64_t pid = state.count("pid");
  if (pid == 0 || pid > std::uint64_t{std::numeric_limits<pid_t>::max()}) {
    throw state.wrong("pid", "must be the number of a process");
  }
  return static_cast<pid_t>(pid);
}

/// 128 bits at least, and nothing that could break out of a header.
std::string read_token(const JsonObject& state) {
  constexpr std::size_t least = 32;
  std::string token = state.string("token");
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (token.size() < least || !std::ranges::all_of(token, is_digit)) {
    throw state.wrong("token", "must be at least 32 hexadecimal digits");
  }
  return token;
}

runtime::Features read_features(const JsonObject& state) {
  runtime::Features features;
  for (const std::string& name : state.strings("features"))
    features.push_back(runtime::feature_from_name(name));
  return runtime::normalize(features);
}

}  // namespace

Json to_json(const State& state) {
  Json features = Json::array();
  for (const runtime::Feature feature : state.features) features.push_back(runtime::name(feature));
  return {{"schemaVersion", State::current_schema},
          {"instance", state.instance},
          {"pid", state.process.pid},
          {"startTime", state.process.start_time},
          {"bootId", state.process.boot_id},
          {"pidNamespace", state.process.pid_namespace},
          {"host", "127.0.0.1"},
          {"port", state.port},
          {"token", state.token},
          {"version", state.version},
          {"receipt", state.receipt},
          {"features", std::move(features)},
          {"codeExecution", state.code_execution},
          {"startedAt", state.started_at},
          {"log", state.log},
          {"output", state.output}};
}

State parse_state(std::string_view text) {
  constexpr const char* what = "The daemon's state file";
  const Json document = parse_json(text, what, kind);
  const JsonObject object(document, what, kind);
  if (object.integer("schemaVersion") != State::current_schema) {
    throw object.wrong("schemaVersion", "is of another version of ktx");
  }
  if (object.string("host") != "127.0.0.1") throw object.wrong("host", "must be 127.0.0.1");
  State state;
  state.instance = object.non_empty_string("instance");
  state.process = {read_pid(object), object.count("startTime"), object.string("bootId"),
                   object.string("pidNamespace")};
  state.port = read_port(object);
  state.token = read_token(object);
  state.version = object.string("version");
  state.receipt = object.string("receipt");
  state.features = read_features(object);
  state.code_execution = object.boolean("codeExecution");
  state.started_at = object.string("startedAt");
  state.log = object.string("log");
  state.output = object.string("output");
  return state;
}

std::string url(const State& state) { return "http://127.0.0.1:" + std::to_string(state.port); }

}  // namespace ktx::daemon
