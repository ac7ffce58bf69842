#include "ktx/plugin/in_process_transport.hpp"

#include <utility>

namespace ktx::plugin {

InProcessTransport::InProcessTransport(runtime::Interpreter interpreter,
                                       std::filesystem::path plugin_directory)
    : interpreter_(std::move(interpreter)), plugin_directory_(std::move(plugin_directory)) {}

std::string InProcessTransport::call(std::string_view operation, std::string_view request) {
  if (plugin_ == nullptr) plugin_ = &Plugin::start(interpreter_, plugin_directory_);
  return plugin_->call(operation, request);
}

int InProcessTransport::finish(int exit_code) {
  return plugin_ != nullptr ? plugin_->finish(exit_code) : exit_code;
}

}  // namespace ktx::plugin
