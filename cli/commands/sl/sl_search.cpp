#include "sl/sl_search.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "first_word.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/output/list_view.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/search/search.hpp"
#include "ktx/util/error.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

struct SlSearchOptions {
  SearchOptions search;
  std::optional<std::string> connection_id;
  const CLI::App* group = nullptr;  ///< `ktx sl`, whose commands may have been meant
};

// The sources to search, as list items and as documents.
struct Sources {
  std::vector<SourceListItem> items;
  std::vector<search::Document> documents;  ///< at the same indexes
  bool sound = true;
};

Sources read_sources(const Context& context, const project::Project& project,
                     const std::optional<std::string>& connection_id) {
  Sources sources;
  for (const std::string& id : app::connections_meant(project, connection_id)) {
    const project::SourceTree tree = project::load_source_tree(project.directory, id);
    sources.sound = app::report_findings(context, tree.findings) && sources.sound;
    for (const project::Source& source : tree.sources) {
      sources.items.push_back(list_item(tree, source, id));
      sources.documents.push_back(search::make_document(id, source));
    }
  }
  return sources;
}

FoundSources found_sources(Sources sources, search::Answer answer) {
  FoundSources found;
  found.lanes = std::move(answer.lanes);
  found.searched = sources.items.size();
  for (search::Hit& hit : answer.hits) {
    found.sources.push_back({std::move(sources.items[hit.document]), std::move(hit)});
  }
  return found;
}

void write_found(const Context& context, const FoundSources& found, OutputMode mode, bool may_install) {
  write_list(context, mode, render_found_sources(found, mode));
  if (mode == OutputMode::plain && found.sources.empty()) context.note(nothing_found(found));
  note_lanes(context, found.lanes, mode, may_install);
}

// `ktx sl qurey` is a search for that word.
void note_meant_command(const Context& context, const SlSearchOptions& options) {
  if (options.search.words.size() != 1) return;
  const std::string meant = nearly(*options.group, options.search.words.front());
  if (!meant.empty()) context.note("That was a search; did you mean the command `ktx sl " + meant + "`?");
}

// Writes the sources that the words are about, the best first. If sources cannot be read, that is reported
// on stderr, the others are searched, and the exit code is 1. Finding nothing is not an error.
int run_sl_search(Context& context, const SlSearchOptions& options, OutputMode mode) {
  const project::Project project = app::open_project(context);
  Sources sources = read_sources(context, project, options.connection_id);
  // `sources` is moved from below.
  const bool sound = sources.sound;
  const app::EmbeddingChoice choice = app::choose_embeddings(context, project, options.search.python);
  search::Request request = search_request(options.search);
  request.connection_id = options.connection_id;
  search::Answer answer =
      search::search(project, context.environment, sources.documents, request, choice.embeddings);
  for (const std::string& note : answer.notes) context.note(note);
  const bool is_empty = answer.hits.empty();
  write_found(context, found_sources(std::move(sources), std::move(answer)), mode, choice.could_be_installed);
  if (is_empty) note_meant_command(context, options);
  return sound ? 0 : exit_code(ErrorKind::model);
}

}  // namespace

void setup_sl_search(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<SlSearchOptions>();
  options->group = &parent;
  CLI::App& command = *parent.add_subcommand("search", "Find the sources that words are about");
  command.add_option("--connection-id", options->connection_id, "Only the sources of this connection")
      ->type_name("ID");
  add_search_options(command, options->search, "sources");
  add_examples(command,
               {{"ktx sl search paid orders", "Find the sources that are about paid orders"},
                {"ktx sl search --limit 3 --json refunds", "The best three, as JSON with the reasons"}});
  command.callback([options, &context] {
    if (options->connection_id) app::check_connection_id(*options->connection_id);
    check_install_policy(options->search.python.install);
    const OutputMode mode = output_mode_of(options->search.output, context);
    context.command = [options, &context, mode] { return run_sl_search(context, *options, mode); };
  });
}

}  // namespace ktx::cli
