#pragma once

#include <string>
#include <string_view>

namespace ktx::semantic {

/// One way to reach the Python side: in this process, or in a running host over HTTP. A front end sees
/// only this.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Calls one operation ("semantic-query") with a JSON request and returns the tagged JSON reply of
  /// ktx_daemon.dispatch as it came. Throws only when no reply could be had.
  virtual std::string call(std::string_view operation, std::string_view request) = 0;

  /// Whether what is registered with it stays for later questions, so that a model is worth to be named by
  /// its digest (see `ask`).
  virtual bool keeps_models() const { return false; }
};

}  // namespace ktx::semantic
