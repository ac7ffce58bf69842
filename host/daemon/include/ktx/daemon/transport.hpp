#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ktx/daemon/running_host.hpp"

namespace ktx::daemon {

/// The way to a running host. It is no `semantic::Transport`: a host may go away, which is no error while the
/// same question can be asked elsewhere.
class HostTransport {
 public:
  explicit HostTransport(RunningHost host) : host_(std::move(host)) {}

  /// The tagged reply of an operation; nothing when the host has gone away, ends, or has too much to do. It
  /// may have begun to answer then: every operation may be asked twice.
  std::optional<std::string> call(std::string_view operation, std::string_view request);

 private:
  RunningHost host_;
};

}  // namespace ktx::daemon
