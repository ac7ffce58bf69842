#include "sl_schema.hpp"

#include <map>
#include <memory>
#include <string>

#include "examples.hpp"
#include "ktx/project/json_schema.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

void setup_sl_schema(CLI::App& parent, Context& context) {
  using project::FileKind;
  static const std::map<std::string, FileKind> kinds = {{"source", FileKind::source},
                                                        {"overlay", FileKind::overlay},
                                                        {"manifest", FileKind::manifest},
                                                        {"project", FileKind::project}};
  const auto kind = std::make_shared<std::string>("source");
  CLI::App& command =
      *parent.add_subcommand("schema", "Print the JSON Schema of the project's files, for editors");
  command
      .add_option("file", *kind,
                  "source, overlay (a file without table or sql), manifest (_schema/*.yaml) or project "
                  "(ktx.yaml); default: source")
      ->check(CLI::IsMember({"source", "overlay", "manifest", "project"}));
  add_examples(command, {{"ktx sl schema > source.schema.json", "Keep the schema of a source, for an editor"},
                         {"ktx sl schema project", "Print the schema of ktx.yaml"}});
  command.callback([kind, &context] {
    context.command = [kind, &context] {
      context.terminal.out(pretty_json(project::json_schema(kinds.at(*kind))));
      return 0;
    };
  });
}

}  // namespace ktx::cli
