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

/// A connection as the questions about it were answered.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct SetupConnection {
  std::string id;
  Json settings;  ///< its mapping in ktx.yaml
};

/// What one run of setup was told, has found and has made: what going back to a step builds on.
struct RunMemory {
  std::optional<SetupConnection> answers;                     ///< of the connection that was asked for last
  std::set<std::string> added;                                ///< ids of the connections that were written
  std::map<std::string, database::ConnectionReport> reports;  ///< by id: the connections that work
  /// By id: the first sources that were made, as file below the project and its text.
  std::map<std::string, std::map<std::string, std::string>> sources;
};

/// How a step ended.
enum class StepEnd : std::uint8_t {
  done,     ///< or left for later: setup goes on
  back,     ///< the user wants the step before
  nothing,  ///< the user came back to it, and it has nothing to ask
};

/// From where a step is come to. One that is done asks again when the user comes back to it, with the answers
/// that were given.
enum class Arrival : std::uint8_t {
  forward,   ///< what is done is not asked
  again,     ///< from the first question on: nothing before it asks
  backward,  ///< from the last question on
};

/// One run of `ktx setup` in one folder, while nobody else runs it there.
class SetupSession {
 public:
  /// `prompter` is null when nobody may be asked. All must outlive the session.
  SetupSession(Context& context, const SetupOptions& options, Prompter* prompter)
      : context_(context), options_(options), prompter_(prompter) {}

  const Context& context() const { return context_; }
  const SetupOptions& options() const { return options_; }
  const std::filesystem::path& directory() const { return directory_; }
  void set_directory(std::filesystem::path directory) { directory_ = std::move(directory); }

  /// Null pointer when nobody may be asked.
  Prompter* prompter() const { return prompter_; }

  /// ktx.yaml as it is now.
  project::Config config() const;
  bool is_complete(const std::string& step) const;

  /// Writes a value to ktx.yaml; it is one of the files of the next commit.
  void set(const std::vector<std::string>& path, const Json& value);
  void remove(const std::vector<std::string>& path);
  void complete(const std::string& step);

  /// Says on stderr what happened, on a line of its own.
  void say(const std::string& text) const { context_.terminal.err(text + "\n"); }

  /// A file below the project's folder, relative to it, that setup has made or changed.
  void add_file(const std::string& path);

  /// One that was made is gone again, and none of the next commit.
  void forget_file(const std::string& path);

  /// Commits what was made since the last time, where the project wants that.
  void commit(const std::string& message);

  /// The way to Python, with the runtime installed first where that is agreed to; with the drivers of the
  /// project's databases where they can be had, and without them where that is enough for one of them.
  /// Whoever has said no to the install is not asked again: it throws the same `runtime_missing` error every
  /// time.
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

/// A step of setup and how far it is.
struct SetupStep {
  std::string id;  ///< as in `setup.completed_steps`
  std::string title;
  bool done = false;
  std::string detail;  ///< what is set up, or what is to be done
};

/// Every step, in the order in which they are taken.
std::vector<SetupStep> setup_progress(const project::Project& project);

/// One line a step.
std::string render_setup_progress(const std::vector<SetupStep>& steps);

}  // namespace ktx::cli
