#include "wiki_list.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/page_view.hpp"
#include "ktx/util/error.hpp"
#include "ktx/wiki/wiki.hpp"

namespace ktx::cli {

void add_user_option(CLI::App& command, std::string& user) {
  command.add_option("--user-id", user, "Whose pages hide those for all (default: local)")->type_name("ID");
}

void check_user_id(const std::string& user) {
  if (!wiki::is_user_id(user)) throw app::usage_error("Unsafe user id: " + user);
}

int run_wiki_list(const Context& context, const WikiListOptions& options, OutputMode mode) {
  const project::Project project = app::open_project(context);
  const wiki::Wiki wiki = wiki::load_wiki(project.directory, options.user);
  const bool sound = app::report_findings(context, wiki.findings);
  write_list(context, mode, render_page_list(wiki.pages, mode));
  return sound ? 0 : exit_code(ErrorKind::project);
}

void setup_wiki_list(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<WikiListOptions>();
  CLI::App& command = *parent.add_subcommand("list", "List the pages of the wiki");
  add_user_option(command, options->user);
  add_list_output_options(command, options->output);
  add_examples(command, {{"ktx wiki list", "Show the pages"}, {"ktx wiki list --json", "The same as JSON"}});
  command.callback([options, &context] {
    check_user_id(options->user);
    const OutputMode mode = output_mode_of(options->output, context);
    context.command = [options, &context, mode] { return run_wiki_list(context, *options, mode); };
  });
}

}  // namespace ktx::cli
