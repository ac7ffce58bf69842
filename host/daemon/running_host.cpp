#include "ktx/daemon/running_host.hpp"

#include <utility>

#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/spans.hpp"
#include "ktx/util/text.hpp"

namespace ktx::daemon {
namespace {

/// A host that is this slow is of no use to a client; it would be faster on its own.
constexpr std::chrono::seconds proof_limit{5};

/// Asks who is there without giving the token away: only who has it can answer the challenge.
bool proves_itself(LoopbackClient& client, const State& state) {
  constexpr std::size_t challenge_digits = 32;
  const std::string challenge = random_hex(challenge_digits);
  try {
    const HttpResponse response = client.send(
        {.method = "GET", .target = "/health", .headers = {{"X-Ktx-Challenge", challenge}}}, proof_limit);
    const auto proof = response.headers.find("x-ktx-proof");
    return response.status == 200 && proof != response.headers.end() &&
           proof->second == hex(hmac_sha256(state.token, challenge));
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::string receipt_digest(const runtime::Layout& layout) {
  const ScopedSpan span("digest receipt");
  const auto receipt = read_file_if_exists(layout.manifest_path);
  return receipt ? hex(sha256(*receipt)) : "";
}

bool fits(const State& state, const Needs& needs) {
  return state.version == needs.version && state.receipt == needs.receipt &&
         runtime::satisfies(state.features, needs.features) &&
         (state.code_execution || !needs.code_execution);
}

RunningHost::RunningHost(State state, LoopbackClient client)
    : state_(std::move(state)), client_(std::move(client)) {}

std::optional<RunningHost> RunningHost::find(const State& state) {
  if (!Process::find(state.process)) return std::nullopt;
  const ScopedSpan span("connect and challenge");
  LoopbackClient client(state.port);
  if (!proves_itself(client, state)) return std::nullopt;
  return RunningHost(state, std::move(client));
}

HttpResponse RunningHost::post(const std::string& target, std::string_view body,
                               std::chrono::milliseconds limit) {
  const HttpRequest request{
      .method = "POST",
      .target = target,
      .headers = {{"Authorization", "Bearer " + state_.token}, {"Content-Type", "application/json"}},
      .body = body};
  return client_.send(request, limit);
}

}  // namespace ktx::daemon
