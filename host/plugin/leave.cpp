#include "ktx/plugin/leave.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "ktx/plugin/plugin.hpp"

namespace ktx::plugin {

void leave(int exit_code) {
  Plugin* plugin = Plugin::running();
  if (plugin == nullptr) std::exit(exit_code);
  const int status = plugin->finish(exit_code);
  std::fflush(nullptr);
  ::_exit(status);
}

}  // namespace ktx::plugin
