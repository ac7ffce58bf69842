#include "setup/suggestions.hpp"

#include "ktx/app/runtime_session.hpp"
#include "ktx/output/output_mode.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/runtime/feature.hpp"
#include "setup/model_steps.hpp"

namespace ktx::cli {
namespace {

std::string line(const std::vector<std::string>& words) { return "  " + shell_command(words) + "\n"; }

/// A question that the model can answer: a measure of the first source that has one.
std::string first_question(const project::Project& project) {
  const auto ids = project::connections_with_sources(project.directory);
  for (const std::string& id : ids) {
    for (const project::Source& source : project::load_source_tree(project.directory, id).sources) {
      const yaml::Node* measures = source.definition.find_value("measures");
      if (measures == nullptr || measures->items.empty()) continue;
      const auto name = measures->items.front().find_text("name");
      if (!name) continue;
      std::vector<std::string> words = {"ktx",      "sl", "query", "--measure", source.name + "." + *name,
                                        "--execute"};
      if (project.config.connections.size() > 1) words.insert(words.end(), {"--connection-id", id});
      return line(words);
    }
  }
  return {};
}

std::string install_line(const Context& context, const project::Config& config) {
  const auto features = wanted_features(config);
  if (app::is_runtime_ready(context.environment, features)) return {};
  std::vector<std::string> words = {"ktx", "runtime", "install", "--yes"};
  if (features.size() > 1)
    words.insert(words.end(), {"--feature", std::string(runtime::name(features.back()))});
  return line(words);
}

}  // namespace

std::string change_to(const Context& context, const std::filesystem::path& folder) {
  if (folder == context.environment.directory) return {};
  const auto relative = folder.lexically_relative(context.environment.directory);
  const bool below = !relative.empty() && *relative.begin() != "..";
  return line({"cd", below ? relative.string() : folder.string()});
}

std::string suggestions(const Context& context, const project::Project& project) {
  const std::string text =
      "Try:\n" + change_to(context, project.directory) + install_line(context, project.config);
  const std::string question = first_question(project);
  if (question.empty()) return text + line({"ktx", "setup"});
  return text + line({"ktx", "sl", "list"}) + question + line({"ktx", "sl", "validate"});
}

}  // namespace ktx::cli
