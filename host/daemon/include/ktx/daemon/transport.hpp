#pragma once

#include <functional>
#include <memory>

#include "ktx/daemon/running_host.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::daemon {

/// Asks a running host. When it goes away, the same question is asked in process, and all later ones too:
/// every operation may be asked twice.
class HostTransport : public semantic::Transport {
 public:
  using Fallback = std::function<std::unique_ptr<semantic::Transport>()>;

  HostTransport(RunningHost host, Fallback fallback);

  std::string call(std::string_view operation, std::string_view request) override;
  bool keeps_models() const override { return in_process_ == nullptr; }

 private:
  RunningHost host_;
  Fallback fallback_;
  std::unique_ptr<semantic::Transport> in_process_;
};

}  // namespace ktx::daemon
