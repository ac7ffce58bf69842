#include "list_output.hpp"

#include "ktx/output/list_view.hpp"

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
  return choose_output_mode(options.json, options.output, context.environment,
                            context.terminal.out_is_terminal());
}

void write_list(const Context& context, OutputMode mode, std::string_view text) {
  const auto columns = context.terminal.out_limit();
  context.terminal.out(mode == OutputMode::pretty && columns ? fit_pretty_list(text, *columns)
                                                             : std::string(text));
}

}  // namespace ktx::cli
