#include "commands/list_output.hpp"

#include "commands/usage_error.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {

void add_list_output_options(CLI::App& command, ListOutputOptions& options) {
  command
      .add_option("--output", options.output,
                  "pretty, plain or json (default: KTX_OUTPUT, then plain under CI, then pretty on a "
                  "terminal)")
      ->type_name("MODE");
  command.add_flag("--json", options.json, "The same as --output json");
}

OutputMode output_mode_of(const ListOutputOptions& options, const Context& context) {
  try {
    return choose_output_mode(options.json, options.output, context.environment,
                              context.terminal.out_is_terminal());
  } catch (const Error& error) {
    throw usage_error(error.message());
  }
}

}  // namespace ktx::cli
