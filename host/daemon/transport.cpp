#include "ktx/daemon/transport.hpp"

#include <optional>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::daemon {
namespace {

/// For a host that hangs; one that ends breaks the connection at once.
constexpr std::chrono::minutes answer_limit{10};

std::optional<std::string> ask(RunningHost& host, std::string_view operation, std::string_view request) {
  const ScopedSpan span("exchange with daemon");
  try {
    HttpResponse response = host.post("/call/" + std::string(operation), request, answer_limit);
    // Anything else speaks of the exchange, not of the question: a host that ends, or has too much to do.
    if (response.status == 200) {
      record_fact("transport", "daemon");
      return std::move(response.body);
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::io) throw;
  }
  return std::nullopt;
}

}  // namespace

HostTransport::HostTransport(RunningHost host, Fallback fallback)
    : host_(std::move(host)), fallback_(std::move(fallback)) {}

std::string HostTransport::call(std::string_view operation, std::string_view request) {
  if (in_process_ == nullptr) {
    if (auto reply = ask(host_, operation, request)) return *std::move(reply);
    in_process_ = fallback_();
  }
  return in_process_->call(operation, request);
}

}  // namespace ktx::daemon
