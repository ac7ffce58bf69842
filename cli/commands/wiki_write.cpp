#include "wiki_write.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/util/text.hpp"
#include "ktx/wiki/wiki.hpp"
#include "wiki_list.hpp"

namespace ktx::cli {
namespace {

/// The options as typed.
struct WikiWriteArguments {
  WikiWriteOptions options;
  std::string scope = "global";
  std::string user = app::default_user;
  std::vector<std::string> tags;
  std::vector<std::string> refs;
  std::vector<std::string> sl_refs;
};

bool is_one_full_line(const std::string& text) {
  return text.find_first_not_of(" \t") != std::string::npos &&
         text.find_first_of("\r\n") == std::string::npos && !first_invalid_utf8(text);
}

void add_list(CLI::App& command, const std::string& name, std::vector<std::string>& values,
              const std::string& description) {
  command.add_option(name, values, description)->allow_extra_args(false)->type_name("TEXT");
}

void check_page(const WikiWriteArguments& arguments) {
  const std::string& key = arguments.options.page.key;
  if (!wiki::is_page_key(key)) throw app::usage_error("Unsafe wiki page key: " + key);
  if (key.ends_with(".md")) throw app::usage_error("A wiki page's key has no .md at its end: " + key);
  if (!is_one_full_line(arguments.options.page.summary))
    throw app::usage_error("--summary must be one line of text");
  check_user_id(arguments.user);
  check_text_argument(arguments.options.content, "--content");
}

WikiWriteOptions read_page_options(const CLI::App& command, const WikiWriteArguments& arguments) {
  WikiWriteOptions options = arguments.options;
  options.page.scope = arguments.scope == "user" ? wiki::Scope::user : wiki::Scope::global;
  options.page.user = arguments.user;
  if (command.count("--tag") > 0) options.page.tags = arguments.tags;
  if (command.count("--ref") > 0) options.page.refs = arguments.refs;
  if (command.count("--sl-ref") > 0) options.page.sl_refs = arguments.sl_refs;
  return options;
}

}  // namespace

int run_wiki_write(const Context& context, const WikiWriteOptions& options) {
  const project::Project project = app::open_project(context);
  wiki::PageDraft page = options.page;
  page.content = read_text_argument(options.content, context);
  if (page.content.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw Error(ErrorKind::usage, "The page has no content", "Write it after --content, or name a --file");
  }
  if (first_invalid_utf8(page.content)) {
    throw Error(ErrorKind::usage, "The page's content is not UTF-8", "Convert it to UTF-8");
  }
  const std::string path = wiki::write_page(project.directory, page);
  context.terminal.out("Wrote " + path + "\n");
  const wiki::Wiki wiki = wiki::load_wiki(project.directory, page.user);
  const auto unknown = app::unknown_references(project, wiki, page.refs.value_or(std::vector<std::string>{}),
                                               page.sl_refs.value_or(std::vector<std::string>{}));
  for (const std::string& line : unknown) context.terminal.err(line + "\n");
  app::commit_files(context, project, {path}, "Write wiki page: " + page.key);
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

}  // namespace ktx::cli
