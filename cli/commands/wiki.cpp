#include "ktx/wiki/wiki.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "context.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/app/wiki_pages.hpp"
#include "ktx/output/page_view.hpp"
#include "ktx/search/search.hpp"
#include "ktx/util/error.hpp"
#include "ktx/wiki/page.hpp"
#include "options.hpp"
#include "wiki.hpp"

namespace ktx::cli {
namespace {

struct WikiListOptions {
  std::string user = app::default_user;
  ListOutputOptions output;
};

// Adds `--user-id`, whose value `check_user_id` checks.
void add_user_option(CLI::App& command, std::string& user) {
  command.add_option("--user-id", user, "Whose pages hide those for all (default: local)")->type_name("ID");
}

// Throws a `usage` error unless the id can name a folder.
void check_user_id(const std::string& user) {
  if (!wiki::is_user_id(user)) throw app::usage_error("Unsafe user id: " + user);
}

// Writes the pages that the user sees. Pages that cannot be read are reported on stderr, and the exit code is
// 1.
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

struct WikiReadOptions {
  std::string key;
  std::string user = app::default_user;
  ListOutputOptions output;
};

// Writes one page. Throws a `project` error if the user sees no page of that key.
int run_wiki_read(const Context& context, const WikiReadOptions& options, OutputMode mode) {
  const project::Project project = app::open_project(context);
  const wiki::Wiki wiki = wiki::load_wiki(project.directory, options.user);
  const wiki::Page* page = wiki.find(options.key);
  if (page == nullptr) {
    app::report_findings(context, wiki.findings);  // the page may be in a file that cannot be read
    throw app::page_not_found(wiki, options.key);
  }
  const std::string text = render_page(*page, mode);
  // The page itself, as it is in its file.
  mode == OutputMode::json ? context.terminal.out(text) : context.terminal.out_bytes(text);
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

struct WikiSearchOptions {
  SearchOptions search;
  std::string user = app::default_user;
};

FoundPages found_pages(wiki::Wiki wiki, search::Answer answer) {
  FoundPages found;
  found.lanes = std::move(answer.lanes);
  found.searched = wiki.pages.size();
  for (search::Hit& hit : answer.hits) found.pages.push_back({wiki.pages[hit.document], std::move(hit)});
  return found;
}

// Writes the pages that the words are about, the best first. Finding nothing is not an error.
int run_wiki_search(Context& context, const WikiSearchOptions& options, OutputMode mode) {
  const project::Project project = app::open_project(context);
  wiki::Wiki wiki = wiki::load_wiki(project.directory, options.user);
  const bool sound = app::report_findings(context, wiki.findings);
  std::vector<search::Document> documents;
  for (const wiki::Page& page : wiki.pages) documents.push_back(app::page_document(page));
  const app::EmbeddingChoice choice = app::choose_embeddings(context, project, options.search.python);
  search::Request request = search_request(options.search);
  request.connection_id = search::page_collection;
  request.semantic_weight = app::page_semantic_weight;
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

struct WikiWriteOptions {
  wiki::PageDraft page;
  TextArgument content;
};

// The options as typed.
struct WikiWriteArguments {
  WikiWriteOptions options;
  std::string scope = "global";
  std::string user = app::default_user;
  std::vector<std::string> tags;
  std::vector<std::string> refs;
  std::vector<std::string> sl_refs;
};

void add_list(CLI::App& command, const std::string& name, std::vector<std::string>& values,
              const std::string& description) {
  command.add_option(name, values, description)->allow_extra_args(false)->type_name("TEXT");
}

void check_page(const WikiWriteArguments& arguments) {
  const std::string& key = arguments.options.page.key;
  if (!wiki::is_page_key(key)) throw app::usage_error("Unsafe wiki page key: " + key);
  // The file would be revenue.md.md.
  if (key.ends_with(".md")) throw app::usage_error("A wiki page's key has no .md at its end: " + key);
  if (!app::is_page_summary(arguments.options.page.summary))
    throw app::usage_error("--summary must be one line of text");
  check_user_id(arguments.user);
  check_text_argument(arguments.options.content, "--content");
}

WikiWriteOptions read_page_options(const CLI::App& command, const WikiWriteArguments& arguments) {
  WikiWriteOptions options = arguments.options;
  options.page.scope = arguments.scope == "user" ? wiki::Scope::user : wiki::Scope::global;
  options.page.user = arguments.user;
  // An option that is not given leaves what the page has; a given one replaces it.
  if (command.count("--tag") > 0) options.page.tags = arguments.tags;
  if (command.count("--ref") > 0) options.page.refs = arguments.refs;
  if (command.count("--sl-ref") > 0) options.page.sl_refs = arguments.sl_refs;
  return options;
}

// Writes a page and commits it. References that lead nowhere get a warning on stderr.
int run_wiki_write(const Context& context, const WikiWriteOptions& options) {
  const project::Project project = app::open_project(context);
  wiki::PageDraft page = options.page;
  page.content = read_text_argument(options.content, context);
  const app::PageWriting writing = app::write_page(project, page);
  context.terminal.out("Wrote " + writing.path + "\n");
  for (const std::string& line : writing.warnings) context.terminal.err(line + "\n");
  app::commit_files(context, project, {writing.path}, writing.commit_message);
  return 0;
}

void setup_wiki_write(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<WikiWriteArguments>();
  CLI::App& command = *parent.add_subcommand("write", "Write a page of the wiki and commit it");
  command.add_option("key", arguments->options.page.key, "The page's key, as revenue or finance/revenue")
      ->required();
  command.add_option("--summary", arguments->options.page.summary, "What the page says, in one line")
      ->type_name("TEXT")
      ->required();
  add_text_argument(command, arguments->options.content, "--content", "The page, in Markdown");
  command.add_option("--scope", arguments->scope, "global: for everybody (default); user: for --user-id")
      ->check(CLI::IsMember({"global", "user"}))
      ->type_name("SCOPE");
  add_user_option(command, arguments->user);
  add_list(command, "--tag", arguments->tags, "A tag; repeatable, in place of those that the page has");
  add_list(command, "--ref", arguments->refs, "The key of a page that this one refers to; repeatable");
  add_list(command, "--sl-ref", arguments->sl_refs,
           "What it is about in the semantic layer, as orders.revenue; repeatable");
  add_examples(command, {{R"(ktx wiki write revenue --summary "Paid amount" --content "After refunds")",
                          "Write a page"}});
  command.callback([arguments, &command, &context] {
    check_page(*arguments);
    context.command = [options = read_page_options(command, *arguments), &context] {
      return run_wiki_write(context, options);
    };
  });
}

}  // namespace

void setup_wiki(CLI::App& parent, Context& context) {
  CLI::App& group =
      *parent.add_subcommand("wiki", "List, read, search and write the project's knowledge pages");
  group.require_subcommand(0, 1);
  group.fallthrough();
  add_examples(group, {{"ktx wiki list", "Show the pages"},
                       {"ktx wiki search refunds", "Find the pages that words are about"}});
  setup_wiki_list(group, context);
  setup_wiki_read(group, context);
  setup_wiki_search(group, context);
  setup_wiki_write(group, context);
}

}  // namespace ktx::cli
