#include "sl.hpp"

#include <utility>

#include "examples.hpp"
#include "sl_list.hpp"
#include "sl_read.hpp"
#include "sl_schema.hpp"
#include "sl_search.hpp"
#include "sl_validate.hpp"
#include "sl_write.hpp"

namespace ktx::cli {

void setup_sl(CLI::App& parent, Context& context) {
  CLI::App& group =
      *parent.add_subcommand("sl", "List, search, read, write, check and query the semantic layer");
  group.require_subcommand(0, 1);
  group.fallthrough();  // the commands inherit it: `ktx sl query … --project-dir <dir>` is valid
  setup_sl_list(group, context);
  setup_sl_search(group, context);
  setup_sl_read(group, context);
  setup_sl_write(group, context);
  setup_sl_schema(group, context);
  setup_sl_validate(group, context);
  setup_sl_query(group, context);
  add_examples(group, {{"ktx sl list", "Show the sources"},
                       {"ktx sl query --measure orders.revenue", "Compile a question to SQL"},
                       {"ktx sl validate", "Check the files"}});
}

}  // namespace ktx::cli
