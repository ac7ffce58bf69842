#include "connection.hpp"

#include "connection_add.hpp"
#include "connection_list.hpp"
#include "connection_remove.hpp"
#include "connection_test.hpp"
#include "examples.hpp"

namespace ktx::cli {

void setup_connection(CLI::App& parent, Context& context) {
  CLI::App& group =
      *parent.add_subcommand("connection", "List, test, add and remove databases of the project");
  group.require_subcommand(0, 1);
  group.fallthrough();
  setup_connection_list(group, context);
  setup_connection_test(group, context);
  setup_connection_add(group, context);
  setup_connection_remove(group, context);
  add_examples(group, {{"ktx connection list", "Show the connections of ktx.yaml"},
                       {"ktx connection test warehouse", "Connect, and say what is there"}});
}

}  // namespace ktx::cli
