#include "ktx/plugin/leave.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "ktx/plugin/plugin.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::plugin {
namespace {

int finish_python(Plugin& plugin, int exit_code) {
  const ScopedSpan span("leave");
  return plugin.finish(exit_code);
}

}  // namespace

void leave(int exit_code, const std::function<void(int)>& last) {
  Plugin* plugin = Plugin::running();
  const int status = plugin == nullptr ? exit_code : finish_python(*plugin, exit_code);
  if (last) last(status);
  if (plugin == nullptr) std::exit(status);
  std::fflush(nullptr);
  ::_exit(status);
}

}  // namespace ktx::plugin
