#include "ktx/daemon/serve.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "ktx/daemon/state.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/random.hpp"

namespace ktx::daemon {
namespace {

// Bytes of a request: far more than any model takes.
constexpr std::int64_t body_limit = std::int64_t{256} << 20U;

struct Listener {
  FileDescriptor socket;
  std::uint16_t port = 0;
};

// A port that the system chooses. The listening socket is handed to the server, so nobody can take the port
// in between.
Listener listen_on_loopback() {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) throw system_error("Cannot open", "a socket", errno);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.value(), generic, size) != 0 || ::listen(socket.value(), SOMAXCONN) != 0 ||
      ::getsockname(socket.value(), generic, &size) != 0) {
    throw system_error("Cannot listen on", "127.0.0.1", errno);
  }
  return {std::move(socket), ntohs(address.sin_port)};
}

State make_state(const runtime::Layout& layout, const ServeRequest& request, std::uint16_t port) {
  constexpr std::size_t token_digits = 64;
  constexpr std::size_t instance_digits = 32;
  return {.instance = random_hex(instance_digits),
          .process = own_identity(),
          .port = port,
          .token = random_hex(token_digits),
          .version = request.has.version,
          .receipt = request.has.receipt,
          .features = runtime::normalize(request.has.features),
          .code_execution = request.has.code_execution,
          .started_at = request.started_at,
          .log = layout.daemon_log_path.string(),
          .output = layout.daemon_output_path.string()};
}

std::string configuration_of(const runtime::Layout& layout, const ServeRequest& request, const State& state,
                             int socket) {
  Json features = Json::array();
  for (const runtime::Feature feature : state.features) features.push_back(runtime::name(feature));
  const bool embeds = runtime::satisfies(state.features, {runtime::Feature::local_embeddings});
  return compact_json({{"fd", socket},
                       {"token", state.token},
                       {"version", state.version},
                       {"instance", state.instance},
                       {"state_file", layout.daemon_state_path.string()},
                       {"idle_seconds", request.idle_seconds ? Json(*request.idle_seconds) : Json()},
                       {"log_file", state.log},
                       {"log_level", request.log_level},
                       {"features", std::move(features)},
                       {"code_execution", state.code_execution},
                       {"body_limit", body_limit},
                       {"warm", embeds ? Json::array({"embeddings"}) : Json::array()}});
}

// The content of an `ok` reply; throws the error of any other.
Json require_ok(const std::string& reply) {
  constexpr const char* what = "the daemon's reply";
  Json document = parse_json(reply, what, ErrorKind::internal);
  if (document.contains("ok")) return document["ok"];
  const JsonObject error = JsonObject(document, what, ErrorKind::internal).object("error");
  throw Error(ErrorKind::daemon, error.string("message"), error.has("fix") ? error.string("fix") : "");
}

// Removes the state file if it still names this daemon. A process that starts or stops a daemon holds the
// lock, and removes the file itself.
void retire(const runtime::Layout& layout, const State& state) {
  const auto lock = FileLock::try_acquire(layout.daemon_lock_path, LockMode::exclusive);
  if (!lock) return;
  const LoadedState loaded = load_state(layout);
  if (loaded.state && loaded.state->instance == state.instance) remove_state(layout);
}

}  // namespace

int serve_host(const runtime::Layout& layout, const ServeRequest& request, Server& server) {
  const Listener listener = listen_on_loopback();
  const State state = make_state(layout, request, listener.port);
  const std::string configuration = configuration_of(layout, request, state, listener.socket.value());
  // Everything is loaded before the state is written, so that whoever finds the daemon is answered at once.
  require_ok(server.prepare(configuration));
  if (!request.is_wanted()) return 0;
  write_state(layout, state);
  // Clients that connect from here on wait in the socket's queue until the server's loop runs.
  request.on_ready(state);
  const Json end = require_ok(server.serve(configuration));
  retire(layout, state);
  return static_cast<int>(JsonObject(end, "the daemon's reply", ErrorKind::internal).integer("signal"));
}

}  // namespace ktx::daemon
