#include "setup/project_step.hpp"

#include <system_error>

#include "ktx/app/runtime_session.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/repository.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"
#include "setup/model_steps.hpp"

namespace ktx::cli {
namespace {

namespace fs = std::filesystem;

bool has_project(const fs::path& directory) { return path_exists(directory / "ktx.yaml"); }

Error no_project(const fs::path& directory) {
  return project::no_config_file(
      directory, "Add --new to make a project there, or name an existing one with --project-dir");
}

// A typed folder: relative to the working directory; `~` is the home directory.
fs::path typed_folder(const std::string& text, const Environment& environment) {
  if (text == "~") return environment.home;
  if (text.starts_with("~/")) return environment.home / text.substr(2);
  const fs::path folder = (environment.directory / text).lexically_normal();
  return folder.has_filename() ? folder : folder.parent_path();
}

std::string why_not_a_folder(const fs::path& folder) {
  std::error_code fault;
  const auto status = fs::status(folder, fault);
  if (fs::exists(status) && !fs::is_directory(status)) return "That is a file: name a folder";
  return {};
}

// Asks for the folder of the new project. There is no question before it to go back to.
fs::path ask_folder(const SetupSession& session, const fs::path& proposed) {
  const Environment& environment = session.context().environment;
  while (true) {
    const auto answer = session.prompter()->text({.title = "Folder of the project",
                                                  .initial = proposed.string(),
                                                  .hint = "it is made when it is not there",
                                                  .check = [&](const std::string& text) {
                                                    return why_not_a_folder(typed_folder(text, environment));
                                                  }});
    if (answer) return typed_folder(*answer, environment);
  }
}

std::string name_of(const fs::path& directory) {
  const std::string name = directory.filename().string();
  // The root directory has no name.
  return name.empty() || name == "/" ? "ktx-project" : name;
}

// Asks for the name of the project; std::nullopt to go back to the folder.
Answer<std::string> ask_name(const SetupSession& session, const fs::path& directory) {
  return session.prompter()->text({.title = "Name of the project",
                                   .initial = name_of(directory),
                                   .check = [](const std::string& text) -> std::string {
                                     return text.find_first_not_of(' ') == std::string::npos ? "Type a name"
                                                                                             : "";
                                   }});
}

void make(SetupSession& session, const std::string& name) {
  const InterruptGuard guard;  // a signal waits until the project is whole
  for (const std::string& file : project::make_project(session.directory(), name)) session.add_file(file);
  project::complete_setup_step(session.directory(), "project");
  ProcessRunner runner;
  const auto repository =
      project::init_repository(session.directory(), session.context().environment, runner);
  if (!repository.note.empty()) session.say(repository.note);
  session.commit("Set up the ktx project " + name);
  session.say("Made the project " + name + " in " + session.directory().string());
  throw_if_interrupted();
}

void go_on_with(SetupSession& session, const fs::path& directory) {
  session.set_directory(directory);
  // Throws if ktx.yaml is wrong, before anything is asked.
  const std::string name = session.config().project;
  session.say("Project " + name + " in " + directory.string());
}

void make_asked(SetupSession& session, const fs::path& proposed, bool folder_is_given) {
  while (true) {
    const fs::path folder = folder_is_given ? proposed : ask_folder(session, proposed);
    // The user has named a folder with a project: go on with that one.
    if (has_project(folder)) return go_on_with(session, folder);
    const auto name = ask_name(session, folder);
    if (!name) continue;
    session.set_directory(folder);
    return make(session, *name);
  }
}

}  // namespace

void run_project_step(SetupSession& session) {
  const Context& context = session.context();
  const SetupOptions& options = session.options();
  const bool given = context.project_directory || context.environment.variable("KTX_PROJECT_DIR");
  fs::path directory = project::find_project_directory(context.project_directory, context.environment);
  // A new project is made here, not in a folder further up that has one.
  if (options.make_new && !given) directory = context.environment.directory;
  const bool exists = has_project(directory);
  if (exists && !options.make_new) return go_on_with(session, directory);
  if (options.existing) throw no_project(directory);
  if (session.prompter() != nullptr && !exists) return make_asked(session, directory, given);
  if (!options.make_new && !options.policy.yes) throw no_project(directory);
  session.set_directory(directory);
  make(session, name_of(directory));
}

StepEnd run_runtime_step(SetupSession& session, Arrival /*arrival*/) {
  const auto features = wanted_features(session.config());
  if (app::is_runtime_ready(session.context().environment, features) || session.has_declined_python())
    return StepEnd::done;
  try {
    app::ensure_runtime(session.context(), features, session.options().policy);
  } catch (const Error& error) {
    // The project is set up without it; a query installs the runtime when it needs it.
    if (error.kind() == ErrorKind::interrupted || session.options().policy.yes) throw;
    session.say(error.message());
  }
  return StepEnd::done;
}

}  // namespace ktx::cli
