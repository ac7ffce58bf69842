#include "sl_read.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/project/diagnostic.hpp"
#include "ktx/project/source_file.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/error.hpp"
#include "ktx/yaml/emitter.hpp"

namespace ktx::cli {
namespace {

/// A source of one connection, as it is to be written.
struct FoundText {
  std::string connection_id;
  std::string text;
};

/// Looks for the name in each connection that is meant.
class SourceReading {
 public:
  SourceReading(const project::Project& project, const SlReadOptions& options)
      : project_(project), options_(options) {
    for (const std::string& id : app::connections_meant(project, options.connection_id)) look_into(id);
  }

  /// Throws a `model` error unless there is exactly one.
  const std::string& text() const {
    if (found_.size() == 1) return found_.front().text;
    if (found_.empty()) throw not_found();
    std::string ids;
    for (const FoundText& found : found_) ids += (ids.empty() ? "" : ", ") + found.connection_id;
    throw Error(ErrorKind::model, "Several connections have a source \"" + options_.name + "\": " + ids,
                "Name one with --connection-id");
  }

 private:
  void look_into(const std::string& id) {
    const project::SourceTree tree = project::load_source_tree(project_.directory, id);
    for (const project::Source& source : tree.sources) names_.insert(source.name);
    if (!options_.composed) {
      if (auto text = project::read_source_text(project_.directory, id, options_.name, tree)) {
        found_.push_back({id, *std::move(text)});
        return;
      }
    }
    const auto source = std::ranges::find(tree.sources, options_.name, &project::Source::name);
    if (source != tree.sources.end()) found_.push_back({id, yaml::to_yaml(source->definition)});
  }

  Error not_found() const {
    if (!project::is_source_name(options_.name)) {
      return {ErrorKind::model, "Unsafe semantic-layer source name: " + options_.name,
              "ktx sl list shows the names that there are"};
    }
    const std::string prefix = options_.connection_id ? *options_.connection_id + "/" : "";
    const std::string meant = project::closest(options_.name, {names_.begin(), names_.end()});
    return {ErrorKind::model,
            "Semantic-layer source \"" + prefix + options_.name + "\" was not found" +
                (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
            "ktx sl list shows the names that there are"};
  }

  const project::Project& project_;
  const SlReadOptions& options_;
  std::vector<FoundText> found_;
  std::set<std::string> names_;
};

}  // namespace

int run_sl_read(const Context& context, const SlReadOptions& options) {
  const project::Project project = app::open_project(context);
  context.terminal.out(SourceReading(project, options).text());
  return 0;
}

void setup_sl_read(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<SlReadOptions>();
  CLI::App& command = *parent.add_subcommand("read", "Print the YAML of a source");
  command.add_option("source", options->name, "The source's name")->required();
  command
      .add_option("--connection-id", options->connection_id,
                  "The source's connection; needed when several have a source of this name")
      ->type_name("ID");
  command.add_flag("--composed", options->composed,
                   "Print the source as it is asked, manifest and overlays together, not its file");
  add_examples(command,
               {{"ktx sl read orders", "Print the file of a source"},
                {"ktx sl read orders --composed", "Print it with its overlays and its manifest entry"}});
  command.callback([options, &context] {
    if (options->connection_id) app::check_connection_id(*options->connection_id);
    context.command = [options, &context] { return run_sl_read(context, *options); };
  });
}

}  // namespace ktx::cli
