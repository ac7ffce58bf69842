#include "ktx/project/repository.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/subprocess.hpp"
#include "ktx/util/text.hpp"

namespace ktx::project {
namespace {

// Runs git in one folder, on the repository that contains it.
class Git {
 public:
  // std::nullopt if there is no git on PATH.
  static std::optional<Git> find(const std::filesystem::path& directory, const Environment& environment,
                                 CommandRunner& runner);

  // For the commits that follow: author and committer.
  void set_identity(const std::string& name, const std::string& address);

  CommandResult run(const std::vector<std::string>& arguments) const;

 private:
  Git(std::string program, std::filesystem::path directory, const Environment& environment,
      CommandRunner& runner);

  std::string program_;
  std::filesystem::path directory_;
  std::map<std::string, std::string> variables_;
  CommandRunner& runner_;
};

// Variables that would point git at another repository (`git rev-parse --local-env-vars`), give the commit
// another identity, or change how paths are read.
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
  variables_["GIT_LITERAL_PATHSPECS"] = "1";  // a star in a name is no pattern
  // git must not ask on a terminal that shows ktx's own output.
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

// Why a command failed, in one line of git's or a hook's output.
std::string git_reason(const CommandResult& result) {
  for (const std::string* text : {&result.err, &result.out}) {
    if (const auto words = first_words(*text); !words.empty()) return std::string(words);
  }
  return result.describe();
}

using Outcome = GitOutcome::Kind;

GitOutcome failed(const std::string& reason) { return {Outcome::failed, "Nothing was committed: " + reason}; }

struct Identity {
  std::string name;
  std::string address;
};

// "ktx <ktx@example.com>"; std::nullopt if the text is not of that form.
std::optional<Identity> parse_identity(const std::string& text) {
  const auto open = text.find('<');
  if (open == std::string::npos || !text.ends_with('>')) return std::nullopt;
  Identity identity{text.substr(0, open), text.substr(open + 1, text.size() - open - 2)};
  identity.name.erase(identity.name.find_last_not_of(' ') + 1);
  const bool is_plain = text.find_first_of("<>\r\n", open + 1) == text.size() - 1;
  if (identity.name.empty() || identity.address.empty() || !is_plain) return std::nullopt;
  return identity;
}

// The repository that contains a folder.
struct WorkTree {
  std::filesystem::path git_directory;
  std::string prefix;  ///< of the folder in it, "" or "sub/folder/"
};

// std::nullopt, with the reason, if the folder is in no repository.
std::optional<WorkTree> find_work_tree(const Git& git, std::string& reason) {
  // One call for three answers, a line each: starting git takes longer than the look.
  const CommandResult found =
      git.run({"rev-parse", "--is-inside-work-tree", "--absolute-git-dir", "--show-prefix"});
  if (!found.succeeded()) {
    reason = git_reason(found);
    return std::nullopt;
  }
  std::string_view rest = found.out;
  std::vector<std::string> lines;
  while (!rest.empty()) {
    lines.emplace_back(first_line(rest));
    rest.remove_prefix(std::min(lines.back().size() + 1, rest.size()));
  }
  if (lines.size() < 2 || lines[0] != "true") {
    reason = "the folder is not in a work tree of git";
    return std::nullopt;
  }
  return WorkTree{lines[1], lines.size() > 2 ? lines[2] : ""};
}

// How the files differ from the last commit.
struct Changes {
  bool any = false;
  bool ignored = false;                ///< one of the files is ignored by git
  std::vector<std::string> untracked;  ///< relative to the folder
};

// Parses the output of `git status --porcelain=v1 -z`: "XY path" and a NUL for each file; a renamed file is
// followed by its old path and a NUL.
Changes parse_status(std::string_view text, const std::string& prefix) {
  Changes changes;
  while (text.size() > 3) {
    const std::string_view entry = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    const std::string_view state = entry.substr(0, 2);
    const std::string_view path = entry.substr(3);
    if (state.find_first_of("RC") != std::string_view::npos) {
      text.remove_prefix(std::min(text.find('\0') + 1, text.size()));
    }
    changes.any = changes.any || state != "!!";
    changes.ignored = changes.ignored || state == "!!";
    if (state == "??" && path.starts_with(prefix)) changes.untracked.emplace_back(path.substr(prefix.size()));
  }
  return changes;
}

std::vector<std::string> with_paths(std::vector<std::string> arguments,
                                    const std::vector<std::string>& paths) {
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), paths.begin(), paths.end());
  return arguments;
}

// Makes the commit. `--only` takes the files from the disk and leaves the index's other entries alone, but
// git must know new files: they are added with --intent-to-add, and removed again if the commit fails.
GitOutcome commit(const Git& git, const WorkTree& tree, const std::vector<std::string>& paths,
                  const std::string& message) {
  const CommandResult status = git.run(with_paths({"--no-optional-locks", "status", "--porcelain=v1", "-z",
                                                   "--untracked-files=all", "--ignored=matching"},
                                                  paths));
  if (!status.succeeded()) return failed(git_reason(status));
  const Changes changes = parse_status(status.out, tree.prefix);
  // git would refuse it too, with advice about `add -f` that does not help here.
  if (changes.ignored) return failed("the file is ignored by git (.gitignore)");
  if (!changes.any) return {Outcome::nothing_to_do};
  if (!changes.untracked.empty()) {
    const CommandResult added = git.run(with_paths({"add", "--intent-to-add"}, changes.untracked));
    if (!added.succeeded()) return failed(git_reason(added));
  }
  const CommandResult committed =
      git.run(with_paths({"commit", "--quiet", "--no-gpg-sign", "--only", "--message", message}, paths));
  if (committed.succeeded()) return {Outcome::done};
  if (!changes.untracked.empty()) {
    git.run(with_paths({"rm", "--quiet", "--cached", "--force"}, changes.untracked));
  }
  return failed(git_reason(committed));
}

}  // namespace

GitOutcome init_repository(const std::filesystem::path& directory, const Environment& environment,
                           CommandRunner& runner) {
  const auto git = Git::find(directory, environment, runner);
  if (!git) return {Outcome::failed, "No git repository was made: there is no git on PATH"};
  std::string reason;
  if (find_work_tree(*git, reason)) return {Outcome::nothing_to_do};
  const CommandResult made = git->run({"init", "--quiet"});
  if (made.succeeded()) return {Outcome::done};
  return {Outcome::failed, "No git repository was made: " + git_reason(made)};
}

GitOutcome commit_files(const std::filesystem::path& directory, const Storage& storage,
                        const std::vector<std::string>& paths, const std::string& message,
                        const Environment& environment, CommandRunner& runner) {
  if (!storage.git_auto_commit) return {Outcome::switched_off};
  auto git = Git::find(directory, environment, runner);
  if (!git) return failed("there is no git on PATH");
  const auto identity = parse_identity(storage.git_author);
  if (!identity) {
    return failed("storage.git.author in ktx.yaml is \"" + storage.git_author +
                  "\", which is not of the form: Name <address>");
  }
  git->set_identity(identity->name, identity->address);
  std::string reason;
  const auto tree = find_work_tree(*git, reason);
  if (!tree) return failed(reason);
  try {
    // Two commands of ktx wait for each other here; git itself would refuse the second for its index.lock.
    const FileLock lock = FileLock::acquire(tree->git_directory / "ktx.lock", LockMode::exclusive);
    return commit(*git, *tree, paths, message);
  } catch (const Error& error) {
    // A read-only .git folder, for example: the files are written, only their history is not.
    if (error.kind() != ErrorKind::io) throw;
    return failed(error.message());
  }
}

}  // namespace ktx::project
