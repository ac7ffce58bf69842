#include "wiki_search.hpp"

#include <memory>
#include <utility>

#include "examples.hpp"
#include "ktx/app/embedding_choice.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/output/page_view.hpp"
#include "ktx/search/search.hpp"
#include "ktx/util/error.hpp"
#include "ktx/wiki/wiki.hpp"
#include "python_options.hpp"

namespace ktx::cli {
namespace {

/// A wiki is small beside a model, and its prose is found by meaning above all.
constexpr double page_semantic_weight = 3;

/// What a page is found by: its key, its summary, its tags and what it says.
search::Document page_document(const wiki::Page& page) {
  const std::string title = search::title_of(page.key);
  std::string text = title + ". " + page.summary;
  for (const std::string& tag : page.tags) text += ". " + tag;
  text += ". " + page.content;
  return {search::page_collection, page.path, title, text, {}, "", {}};
}

FoundPages found_pages(wiki::Wiki wiki, search::Answer answer) {
  FoundPages found;
  found.lanes = std::move(answer.lanes);
  found.searched = wiki.pages.size();
  for (search::Hit& hit : answer.hits) found.pages.push_back({wiki.pages[hit.document], std::move(hit)});
  return found;
}

}  // namespace

int run_wiki_search(Context& context, const WikiSearchOptions& options, OutputMode mode) {
  const project::Project project = app::open_project(context);
  wiki::Wiki wiki = wiki::load_wiki(project.directory, options.user);
  const bool sound = app::report_findings(context, wiki.findings);
  std::vector<search::Document> documents;
  for (const wiki::Page& page : wiki.pages) documents.push_back(page_document(page));
  const app::EmbeddingChoice choice = app::choose_embeddings(context, project, options.search.python);
  search::Request request = search_request(options.search);
  request.connection_id = search::page_collection;
  request.semantic_weight = page_semantic_weight;
  search::Answer answer = search::search(project, context.environment, documents, request, choice.embeddings);
  for (const std::string& note : answer.notes) context.note(note);
  const FoundPages found = found_pages(std::move(wiki), std::move(answer));
  write_list(context, mode, render_found_pages(found, mode));
  if (mode == OutputMode::plain && found.pages.empty()) context.note(no_page_found(found));
  note_lanes(context, found.lanes, mode, choice.could_be_installed);
  return sound ? 0 : exit_code(ErrorKind::project);
}

void setup_wiki_search(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<WikiSearchOptions>();
  CLI::App& command = *parent.add_subcommand("search", "Find the pages that words are about");
  add_user_option(command, options->user);
  add_search_options(command, options->search, "pages");
  add_examples(command, {{"ktx wiki search refunds",
                          "Find pages by their words, and by meaning where that is set up"}});
  command.callback([options, &context] {
    check_user_id(options->user);
    check_install_policy(options->search.python.install);
    const OutputMode mode = output_mode_of(options->search.output, context);
    context.command = [options, &context, mode] { return run_wiki_search(context, *options, mode); };
  });
}

}  // namespace ktx::cli
