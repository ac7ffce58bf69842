#include "commands/sl_search.hpp"

#include <memory>
#include <utility>

#include "commands/usage_error.hpp"
#include "ensure_runtime.hpp"
#include "examples.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/search/search.hpp"
#include "ktx/util/error.hpp"
#include "open_project.hpp"
#include "output/search_view.hpp"
#include "search_notes.hpp"

namespace ktx::cli {
namespace {

/// The sources of the connections that are meant, as they are listed and as they are searched.
struct Sources {
  std::vector<SourceListItem> items;
  std::vector<search::Document> documents;  ///< of the same numbers
  bool sound = true;
};

Sources read_sources(const Context& context, const project::Project& project,
                     const std::optional<std::string>& connection_id) {
  Sources sources;
  for (const std::string& id : connections_meant(project, connection_id)) {
    const project::SourceTree tree = project::load_source_tree(project.directory, id);
    sources.sound = report_findings(context.terminal, tree.findings) && sources.sound;
    for (const project::Source& source : tree.sources) {
      sources.items.push_back(list_item(tree, source, id));
      sources.documents.push_back(search::make_document(id, source));
    }
  }
  return sources;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
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
  if (mode == OutputMode::plain && found.sources.empty()) context.note(nothing_found(found) + "\n");
  note_lanes(context, found.lanes, mode, may_install);
}

}  // namespace

int run_sl_search(const Context& context, const SlSearchOptions& options, OutputMode mode,
                  const EmbeddingsFactory& connect) {
  const project::Project project = open_project(context);
  Sources sources = read_sources(context, project, options.connection_id);
  const bool sound = sources.sound;
  const EmbeddingChoice choice = choose_embeddings(context, project, options.python, connect);
  search::Request request;
  request.query = joined(options.words);
  request.limit = options.limit;
  request.connection_id = options.connection_id;
  request.reindex = options.reindex;
  search::Answer answer =
      search::search(project, context.environment, sources.documents, request, choice.embeddings);
  for (const std::string& note : answer.notes) context.note(note + "\n");
  write_found(context, found_sources(std::move(sources), std::move(answer)), mode, choice.could_be_installed);
  return sound ? 0 : exit_code(ErrorKind::model);
}

void setup_sl_search(CLI::App& parent, Context& context, EmbeddingsFactory connect) {
  constexpr int most_sources = 1'000'000;
  const auto options = std::make_shared<SlSearchOptions>();
  CLI::App& command = *parent.add_subcommand("search", "Find the sources that words are about");
  command.add_option("words", options->words, "What to look for; all sources when there are none");
  command.add_option("--connection-id", options->connection_id, "Only the sources of this connection")
      ->type_name("ID");
  command.add_option("--limit", options->limit, "At most so many sources (default: 10)")
      ->check(CLI::Range(1, most_sources));
  command.add_flag("--reindex", options->reindex, "Make the search index anew first");
  add_list_output_options(command, options->output);
  add_python_options(command, options->python);
  add_examples(command,
               {{"ktx sl search paid orders", "Find the sources that are about paid orders"},
                {"ktx sl search --limit 3 --json refunds", "The best three, as JSON with the reasons"}});
  command.callback([options, &context, connect = std::move(connect)] {
    if (options->connection_id) check_connection_id(*options->connection_id);
    check_install_policy(options->python.install);
    const OutputMode mode = output_mode_of(options->output, context);
    context.command = [options, &context, mode, connect] {
      return run_sl_search(context, *options, mode, connect);
    };
  });
}

}  // namespace ktx::cli
