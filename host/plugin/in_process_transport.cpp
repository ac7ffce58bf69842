#include "ktx/plugin/in_process_transport.hpp"

#include <utility>

#include "ktx/util/spans.hpp"

namespace ktx::plugin {

InProcessTransport::InProcessTransport(runtime::Interpreter interpreter,
                                       std::filesystem::path plugin_directory)
    : interpreter_(std::move(interpreter)), plugin_directory_(std::move(plugin_directory)) {}

std::string InProcessTransport::call(std::string_view operation, std::string_view request) {
  if (plugin_ == nullptr) start(operation);
  const ScopedSpan span("run operation");
  return plugin_->call(operation, request);
}

void InProcessTransport::start(std::string_view operation) {
  plugin_ = &Plugin::start(interpreter_, plugin_directory_);
  record_fact("transport", "in-process");
  // The first call imports what it needs; only who looks at the time wants that apart.
  if (records_spans()) plugin_->prepare(operation);
}

int InProcessTransport::finish(int exit_code) {
  return plugin_ != nullptr ? plugin_->finish(exit_code) : exit_code;
}

}  // namespace ktx::plugin
