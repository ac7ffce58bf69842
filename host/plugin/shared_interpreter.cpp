#include "ktx/plugin/shared_interpreter.hpp"

#include <string>

#include "ktx/util/error.hpp"

namespace ktx::plugin {

class ClientTransport : public semantic::Transport {
 public:
  ClientTransport(SharedInterpreter& interpreter, Cancellation& cancellation)
      : interpreter_(interpreter), cancellation_(cancellation) {}

  std::string call(std::string_view operation, std::string_view request) override {
    cancellation_.throw_if_cancelled();
    std::string reply = interpreter_.plugin().call_as(operation, request, cancellation_);
    cancellation_.throw_if_cancelled();
    return reply;
  }

  // The interpreter outlives the client.
  bool keeps_models() const override { return true; }

 private:
  SharedInterpreter& interpreter_;
  Cancellation& cancellation_;
};

void SharedInterpreter::start(std::string_view operation) { plugin().prepare(operation); }

std::unique_ptr<semantic::Transport> SharedInterpreter::transport(Cancellation& cancellation) {
  return std::make_unique<ClientTransport>(*this, cancellation);
}

Plugin& SharedInterpreter::plugin() {
  const std::lock_guard lock(mutex_);
  if (plugin_ == nullptr) {
    Plugin& started = Plugin::start(interpreter_, plugin_directory_);
    started.share();
    plugin_ = &started;
  }
  return *plugin_;
}

}  // namespace ktx::plugin
