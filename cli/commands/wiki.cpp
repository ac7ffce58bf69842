#include "wiki.hpp"

#include <utility>

#include "examples.hpp"
#include "wiki_list.hpp"
#include "wiki_read.hpp"
#include "wiki_search.hpp"
#include "wiki_write.hpp"

namespace ktx::cli {

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
