#pragma once

#include <string>
#include <string_view>

namespace ktx::semantic {

/// One way to reach the Python side: in this process, or in a running daemon over HTTP. Front ends see only
/// this interface.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Calls one operation ("semantic-query") with a JSON request and returns the tagged JSON reply of
  /// ktx_daemon.dispatch unchanged. Throws only if there is no reply.
  virtual std::string call(std::string_view operation, std::string_view request) = 0;

  /// Whether registered models are kept for later questions, so that a question can name its model by digest
  /// (see `ask`).
  virtual bool keeps_models() const { return false; }
};

}  // namespace ktx::semantic
