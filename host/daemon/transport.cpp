#include "ktx/daemon/transport.hpp"

#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::daemon {
namespace {

/// For a host that hangs; one that ends breaks the connection at once.
constexpr std::chrono::minutes answer_limit{10};

}  // namespace

std::optional<std::string> HostTransport::call(std::string_view operation, std::string_view request) {
  const ScopedSpan span("exchange with daemon");
  try {
    HttpResponse response = host_.post("/call/" + std::string(operation), request, answer_limit);
    // Anything else speaks of the exchange, not of the question.
    if (response.status == 200) {
      record_fact("transport", "daemon");
      return std::move(response.body);
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::io) throw;
  }
  return std::nullopt;
}

}  // namespace ktx::daemon
