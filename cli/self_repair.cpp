#include "self_repair.hpp"

#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "ensure_runtime.hpp"
#include "ktx/runtime/inventory.hpp"
#include "ktx/runtime/status.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

/// Set for the command that is started again, so that one which still fails says so instead.
constexpr const char* restarted = "KTX_RESTARTED_AFTER_REPAIR";

/// What an import of a damaged file can end in; no wrong question or model does.
bool may_come_from_damage(const Error& error) {
  return error.kind() == ErrorKind::interpreter || error.kind() == ErrorKind::runtime_broken ||
         error.kind() == ErrorKind::internal;
}

/// The state of the runtime with its files looked at, which costs too much before each query.
runtime::Status examine(const runtime::Layout& layout) {
  runtime::Status status = runtime::runtime_status(layout);
  if (status.kind != runtime::StatusKind::ready) return status;
  const auto check = runtime::check_inventory(layout.environment_dir(status.receipt->environment),
                                              status.receipt->inventory_sha256);
  if (check.differences.empty()) return status;
  status.kind = runtime::StatusKind::broken;
  status.detail = check.differences.front().describe();
  return status;
}

/// Replaces this process: an interpreter that has failed to import cannot be started a second time.
void start_again(const Context& context) {
  ::setenv(restarted, "1", 1);
  std::vector<char*> arguments;
  for (const std::string& argument : context.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  ::execv(context.environment.executable.c_str(), arguments.data());
  throw Error(ErrorKind::runtime_broken, "The KTX Python runtime was repaired", "Run the command again");
}

}  // namespace

void repair_after(const Error& error, const Context& context) {
  if (!context.runtime_policy || !may_come_from_damage(error) || std::getenv(restarted) != nullptr) return;
  const runtime::Layout layout = runtime::make_layout(context.environment, version);
  const runtime::Status status = examine(layout);
  if (status.kind == runtime::StatusKind::ready) return;
  install_by_policy(context, layout, status, context.runtime_features, *context.runtime_policy);
  start_again(context);
}

}  // namespace ktx::cli
