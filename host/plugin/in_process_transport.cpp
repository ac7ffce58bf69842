#include "ktx/plugin/in_process_transport.hpp"

#include <utility>

#include "ktx/util/interrupt.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::plugin {
namespace {

// A server goes on with a statement when this process just ends, so the statement is cancelled first.
bool runs_elsewhere(std::string_view operation) {
  return operation == "database-query" || operation == "database-test" || operation == "conformance-ask";
}

}  // namespace

InProcessTransport::InProcessTransport(runtime::Interpreter interpreter,
                                       std::filesystem::path plugin_directory)
    : interpreter_(std::move(interpreter)), plugin_directory_(std::move(plugin_directory)) {}

std::string InProcessTransport::call(std::string_view operation, std::string_view request) {
  if (runs_elsewhere(operation)) return call_with_grace(operation, request);
  if (plugin_ == nullptr) start(operation);
  const ScopedSpan span("run operation");
  return plugin_->call(operation, request);
}

std::string InProcessTransport::call_with_grace(std::string_view operation, std::string_view request) {
  if (plugin_ == nullptr) start(operation);
  // After the start: loading Python may be interrupted at once, nothing runs elsewhere yet.
  const InterruptGrace grace;
  if (!watches_interrupts_) plugin_->call("watch-interrupts", std::to_string(interrupt_descriptor()));
  watches_interrupts_ = true;
  const ScopedSpan span("run operation");
  std::string reply = plugin_->call(operation, request);
  throw_if_interrupted();
  return reply;
}

void InProcessTransport::start(std::string_view operation) {
  plugin_ = &Plugin::start(interpreter_, plugin_directory_);
  record_fact("transport", "in-process");
  // The first call would import the packages too; only a startup report shows that time apart.
  if (records_spans()) plugin_->prepare(operation);
}

int InProcessTransport::finish(int exit_code) {
  return plugin_ != nullptr ? plugin_->finish(exit_code) : exit_code;
}

}  // namespace ktx::plugin
