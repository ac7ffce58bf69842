#include "commands/wiki_search.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "ensure_runtime.hpp"
#include "examples.hpp"
#include "ktx/search/search.hpp"
#include "ktx/util/error.hpp"
#include "ktx/wiki/wiki.hpp"
#include "open_project.hpp"
#include "output/page_view.hpp"
#include "search_notes.hpp"

namespace ktx::cli {
namespace {

/// A wiki is small beside a model, and its prose is found by meaning above all.
constexpr double page_semantic_weight = 3;

/// What a page is found by: its key, its summary, its tags and what it says.
search::Document page_document(const wiki::Page& page) {
  std::string name = page.key;
  std::ranges::replace_if(
      name, [](char c) { return c == '_' || c == '-' || c == '/'; }, ' ');
  std::string text = name + ". " + page.summary;
  for (const std::string& tag : page.tags) text += ". " + tag;
  text += ". " + page.content;
  return {search::page_collection, page.path, text, {}, "", {}};
}

FoundPages found_pages(wiki::Wiki wiki, search::Answer answer) {
  FoundPages found;
  found.lanes = std::move(answer.lanes);
  found.searched = wiki.pages.size();
  for (search::Hit& hit : answer.hits) found.pages.push_back({wiki.pages[hit.document], std::move(hit)});
  return found;
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

int run_wiki_search(const Context& context, const WikiSearchOptions& options, OutputMode mode,
                    const EmbeddingsFactory& connect) {
  const project::Project project = open_project(context);
  wiki::Wiki wiki = wiki::load_wiki(project.directory, options.user);
  const bool sound = report_findings(context.terminal, wiki.findings);
  std::vector<search::Document> documents;
  for (const wiki::Page& page : wiki.pages) documents.push_back(page_document(page));
  const EmbeddingChoice choice = choose_embeddings(context, project, options.python, connect);
  search::Request request;
  request.query = joined_words(options.words);
  request.limit = options.limit;
  request.connection_id = search::page_collection;
  request.semantic_weight = page_semantic_weight;
  request.reindex = options.reindex;
  search::Answer answer = search::search(project, context.environment, documents, request, choice.embeddings);
  for (const std::string& note : answer.notes) context.terminal.err(note + "\n");
  const FoundPages found = found_pages(std::move(wiki), std::move(answer));
  write_list(context, mode, render_found_pages(found, mode));
  if (mode == OutputMode::plain && found.pages.empty()) context.note(no_page_found(found) + "\n");
  note_lanes(context, found.lanes, mode, choice.could_be_installed);
  return sound ? 0 : exit_code(ErrorKind::project);
}

void setup_wiki_search(CLI::App& parent, Context& context, EmbeddingsFactory connect) {
  constexpr int most_pages = 1'000'000;
  const auto options = std::make_shared<WikiSearchOptions>();
  CLI::App& command = *parent.add_subcommand("search", "Find the pages that words are about");
  command.add_option("words", options->words, "What to look for; all pages when there are none");
  add_user_option(command, options->user);
  command.add_option("--limit", options->limit, "At most so many pages (default: 10)")
      ->check(CLI::Range(1, most_pages))
      ->type_name("N");
  command.add_flag("--reindex", options->reindex, "Make the search index anew first");
  add_list_output_options(command, options->output);
  add_python_options(command, options->python);
  add_examples(command, {{"ktx wiki search refunds",
                          "Find pages by their words, and by meaning where that is set up"}});
  command.callback([options, &context, connect = std::move(connect)] {
    check_user_id(options->user);
    check_install_policy(options->python.install);
    const OutputMode mode = output_mode_of(options->output, context);
    context.command = [options, &context, mode, connect] {
      return run_wiki_search(context, *options, mode, connect);
    };
  });
}

}  // namespace ktx::cli
