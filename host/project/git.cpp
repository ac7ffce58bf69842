#include "git.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "ktx/util/environment.hpp"
#include "ktx/util/text.hpp"

namespace ktx::project {
namespace {

/// What would point git elsewhere than at the folder's own repository (`git rev-parse --local-env-vars`),
/// give the commit another identity, or change what a path means.
constexpr std::array<std::string_view, 22> misleading_variables = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
};

std::string_view first_words(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  for (const std::string_view prefix : {"fatal: ", "error: "}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  return first_line(text);
}

}  // namespace

std::optional<Git> Git::find(const std::filesystem::path& directory, const Environment& environment,
                             CommandRunner& runner) {
  const auto program = find_program(environment, "git");
  if (!program) return std::nullopt;
  return Git(program->string(), directory, environment, runner);
}

Git::Git(std::string program, std::filesystem::path directory, const Environment& environment,
         CommandRunner& runner)
    : program_(std::move(program)),
      directory_(std::move(directory)),
      variables_(environment.variables),
      runner_(runner) {
  for (const std::string_view name : misleading_variables) variables_.erase(std::string(name));
  variables_["GIT_LITERAL_PATHSPECS"] = "1";  // a name with a star is a name
  variables_["GIT_TERMINAL_PROMPT"] = "0";
}

void Git::set_identity(const std::string& name, const std::string& address) {
  for (const char* role : {"AUTHOR", "COMMITTER"}) {
    variables_["GIT_" + std::string(role) + "_NAME"] = name;
    variables_["GIT_" + std::string(role) + "_EMAIL"] = address;
  }
}

CommandResult Git::run(const std::vector<std::string>& arguments) const {
  Command command;
  command.argv = {program_};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = variables_;
  command.directory = directory_;
  return runner_.run(command);
}

std::string git_reason(const CommandResult& result) {
  for (const std::string* text : {&result.err, &result.out}) {
    if (const auto words = first_words(*text); !words.empty()) return std::string(words);
  }
  return result.describe();
}

}  // namespace ktx::project
