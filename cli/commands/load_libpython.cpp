#include "load_libpython.hpp"

#include <memory>
#include <string>

#include "ktx/plugin/libpython.hpp"

namespace ktx::cli {

void setup_load_libpython(CLI::App& parent, Context& context) {
  auto options = std::make_shared<LoadLibpythonOptions>();
  CLI::App* command = parent.add_subcommand("__load-libpython", "Try whether a libpython loads");
  command->group("");  // hidden
  command->add_option("library", options->library, "The shared library")->required();
  command->callback([options, &context] {
    context.command = [options, &context] { return run_load_libpython(*options, context); };
  });
}

int run_load_libpython(const LoadLibpythonOptions& options, const Context& context) {
  const std::string reason = plugin::why_libpython_does_not_load(options.library);
  if (reason.empty()) return 0;
  context.terminal.err(reason + "\n");
  return 1;
}

}  // namespace ktx::cli
