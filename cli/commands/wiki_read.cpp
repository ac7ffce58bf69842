#include "wiki_read.hpp"

#include <memory>
#include <vector>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/page_view.hpp"
#include "ktx/project/diagnostic.hpp"
#include "ktx/util/error.hpp"
#include "ktx/wiki/wiki.hpp"

namespace ktx::cli {
namespace {

Error page_not_found(const wiki::Wiki& wiki, const std::string& key) {
  std::vector<std::string_view> keys;
  for (const wiki::Page& page : wiki.pages) keys.push_back(page.key);
  const std::string meant = project::closest(key, keys);
  return {
      ErrorKind::project,
      "Wiki page \"" + key + "\" was not found" + (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
      "ktx wiki list shows the pages that there are"};
}

}  // namespace

int run_wiki_read(const Context& context, const WikiReadOptions& options, OutputMode mode) {
  const project::Project project = app::open_project(context);
  const wiki::Wiki wiki = wiki::load_wiki(project.directory, options.user);
  const wiki::Page* page = wiki.find(options.key);
  if (page == nullptr) {
    app::report_findings(context, wiki.findings);  // it may be in a file that cannot be read
    throw page_not_found(wiki, options.key);
  }
  context.terminal.out(render_page(*page, mode));
  return 0;
}

void setup_wiki_read(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<WikiReadOptions>();
  CLI::App& command = *parent.add_subcommand("read", "Print a page of the wiki");
  command.add_option("key", options->key, "The page's key, as ktx wiki list shows it")->required();
  add_user_option(command, options->user);
  add_list_output_options(command, options->output);
  add_examples(command, {{"ktx wiki read revenue", "Print a page"}});
  command.callback([options, &context] {
    check_user_id(options->user);
    if (!wiki::is_page_key(options->key)) throw app::usage_error("Unsafe wiki page key: " + options->key);
    const OutputMode mode = output_mode_of(options->output, context);
    context.command = [options, &context, mode] { return run_wiki_read(context, *options, mode); };
  });
}

}  // namespace ktx::cli
