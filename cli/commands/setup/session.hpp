#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/project/config.hpp"
#include "ktx/project/project.hpp"
#include "ktx/terminal/prompter.hpp"
#include "ktx/util/json.hpp"
#include "setup/options.hpp"

namespace ktx::cli {

/// A connection as the user answered the questions about it.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct SetupConnection {
  std::string id;
  Json settings;  ///< its mapping in ktx.yaml
};

/// What one run of setup has asked, found and made. Going back to a step builds on it.
struct RunMemory {
  std::optional<SetupConnection> answers;                     ///< the connection that was asked for last
  std::set<std::string> added;                                ///< ids of the connections that this run wrote
  std::map<std::string, database::ConnectionReport> reports;  ///< the connections that work, by id
  /// The first sources that this run made, by id of the connection: the text of each file, by its path in the
  /// project.
  std::map<std::string, std::map<std::string, std::string>> sources;
};

/// How a step ended.
enum class StepEnd : std::uint8_t {
  done,     ///< finished, or left for later: setup goes on
  back,     ///< the user wants to go back
  nothing,  ///< the user came back to it, but it has nothing to ask
};

/// How a step is reached. A finished step asks again, with the earlier answers, if the user comes back to it.
enum class Arrival : std::uint8_t {
  forward,   ///< do not ask what is done
  again,     ///< start at the first question: no step before asks any
  backward,  ///< start at the last question
};

/// One run of `ktx setup` in one folder. A lock keeps other runs out of it.
class SetupSession {
 public:
  /// `prompter` is null if nobody can be asked. All arguments must outlive the session.
  SetupSession(Context& context, const SetupOptions& options, Prompter* prompter)
      : context_(context), options_(options), prompter_(prompter) {}

  const Context& context() const { return context_; }
  const SetupOptions& options() const { return options_; }
  const std::filesystem::path& directory() const { return directory_; }
  void set_directory(std::filesystem::path directory) { directory_ = std::move(directory); }

  /// nullptr if nobody can be asked.
  Prompter* prompter() const { return prompter_; }

  /// Reads ktx.yaml as it is now.
  project::Config config() const;
  bool is_complete(const std::string& step) const;

  /// Writes a value to ktx.yaml, which becomes part of the next commit.
  void set(const std::vector<std::string>& path, const Json& value);
  void remove(const std::vector<std::string>& path);
  void complete(const std::string& step);

  /// Writes a line to stderr.
  void say(const std::string& text) const { context_.warn(text); }

  /// Adds a file to the next commit; the path is relative to the project.
  void add_file(const std::string& path);

  /// Takes a file that was removed again out of the next commit.
  void forget_file(const std::string& path);

  /// Commits the files added since the last time, if the project wants that.
  void commit(const std::string& message);

  /// Python for the databases of the project; the runtime is installed first if the user agrees. If the
  /// drivers cannot be had but one of the databases needs none, Python comes without them. A user who has
  /// refused the install is not asked again: the same `runtime_missing` error is thrown every time.
  semantic::Transport& python();
  bool has_declined_python() const { return no_python_.has_value(); }

  RunMemory& memory() { return memory_; }
  const RunMemory& memory() const { return memory_; }

 private:
  std::unique_ptr<semantic::Transport> connect_to(const std::vector<std::string>& drivers);

  Context& context_;
  const SetupOptions& options_;
  Prompter* prompter_;
  std::filesystem::path directory_;
  std::vector<std::string> files_;
  RunMemory memory_;
  std::unique_ptr<semantic::Transport> python_;
  std::optional<Error> no_python_;
};

/// A step of setup and its state.
struct SetupStep {
  std::string id;  ///< as in `setup.completed_steps`
  std::string title;
  bool done = false;
  std::string detail;  ///< what is set up; may be empty
};

/// All steps, in their order. Files for agents are looked for below `home` too.
std::vector<SetupStep> setup_progress(const project::Project& project, const std::filesystem::path& home);

/// One line for each step.
std::string render_setup_progress(const std::vector<SetupStep>& steps);

}  // namespace ktx::cli
