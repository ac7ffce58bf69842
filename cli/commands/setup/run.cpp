#include "setup/run.hpp"

#include <array>

#include "ktx/project/config.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/shell_words.hpp"
#include "setup/agents_step.hpp"
#include "setup/check_step.hpp"
#include "setup/database_step.hpp"
#include "setup/model_steps.hpp"
#include "setup/project_step.hpp"
#include "setup/session.hpp"

namespace ktx::cli {
namespace {

using Step = StepEnd (*)(SetupSession&, Arrival);

// Each builds on those before: the check on connections, sources on databases that work, the runtime on all
// that was chosen.
constexpr std::array<Step, 7> all_steps = {run_llm_step,     run_database_step,   run_check_step,
                                           run_context_step, run_embeddings_step, run_agents_step,
                                           run_runtime_step};

// Keeps others from setting up the project while the lock is held.
FileLock lock_setup(const SetupSession& session) {
  const auto file = project::make_local_folder(session.directory()) / "setup.lock";
  if (auto lock = FileLock::try_acquire(file, LockMode::exclusive)) return *std::move(lock);
  const auto holder = lock_holder(file);
  throw Error(ErrorKind::busy,
              "Another ktx setup is at work in " + session.directory().string() +
                  (holder ? " (process " + std::to_string(holder->pid) + ")" : ""),
              "Wait until it is done, and run the command again");
}

// Takes the steps in order. Going back leads to the nearest step before that has something to ask; if there
// is none, the step that the user wanted to leave asks again.
void take_steps(SetupSession& session) {
  std::size_t left = 0;  // the step that the user wanted to go back from
  Arrival arrival = Arrival::forward;
  for (std::size_t i = 0; i < all_steps.size();) {
    const StepEnd end = all_steps.at(i)(session, arrival);
    if (end == StepEnd::back) left = i;
    const bool forward = end == StepEnd::done;
    const bool is_start = !forward && i == 0;
    arrival = forward ? Arrival::forward : is_start ? Arrival::again : Arrival::backward;
    i = forward ? i + 1 : is_start ? left : i - 1;
  }
}

void take_agents_step_alone(SetupSession& session) {
  Arrival arrival = Arrival::forward;
  while (run_agents_step(session, arrival) == StepEnd::back) arrival = Arrival::again;
}

void say_what_is_there(const SetupSession& session) {
  const project::Project project{session.directory(), session.config()};
  // For a project that was just made there is nothing to show.
  const bool begun = project.config.setup.completed_steps.size() > 1 || !project.config.connections.empty();
  if (begun && session.prompter() != nullptr) {
    session.context().terminal.err(
        render_setup_progress(setup_progress(project, session.context().environment.home)));
  }
}

void write_summary(const SetupSession& session) {
  const project::Project project{session.directory(), session.config()};
  const Context& context = session.context();
  const auto columns = context.terminal.out_limit();
  const std::string done = render_setup_progress(setup_progress(project, context.environment.home));
  context.terminal.out(
      broken_between_words("The ktx project in " + project.directory.string() + "\n" + done, columns) +
      commands_to_copy(context.worded(suggestions(context, project), project.directory), columns));
}

}  // namespace

int run_setup(Context& context, const SetupOptions& options) {
  refuse_later_options(options);
  // --yes asks nothing, even at a terminal.
  const bool is_asked = !options.policy.yes && !options.policy.no_input && context.can_confirm();
  const auto prompter = is_asked ? make_prompter(context.terminal, context.environment) : nullptr;
  SetupSession session(context, options, prompter.get());
  // Before the lock: its file is in the folder that this step finds or makes.
  run_project_step(session);
  const FileLock lock = lock_setup(session);
  say_what_is_there(session);
  try {
    if (options.agents) {
      take_agents_step_alone(session);
    } else {
      take_steps(session);
    }
  } catch (const Error& error) {
    // In a script the error alone says enough.
    if (error.kind() == ErrorKind::interrupted || prompter != nullptr) {
      session.say("Setup stopped; what is done is kept. Go on with: " +
                  shell_command({"ktx", "setup", "--project-dir", session.directory().string()}));
    }
    // Finished steps are kept, and committed like those of a run that succeeds.
    session.commit("Set up the ktx project");
    throw;
  }
  session.commit("Set up the ktx project");
  write_summary(session);
  return 0;
}

}  // namespace ktx::cli
