#include "setup/agents_step.hpp"

#include "ktx/app/agent_files.hpp"
#include "ktx/app/agent_plan.hpp"
#include "ktx/app/own_command.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::cli {
namespace {

namespace fs = std::filesystem;

// The file of the target, in the project or the home directory.
fs::path file_of_target(const SetupSession& session, const app::AgentTarget& target) {
  if (!session.options().global_scope) return session.directory() / target.project_file;
  if (target.global_file.empty()) {
    throw Error(ErrorKind::unsupported,
                std::string(target.label) + " reads no file of that kind outside projects",
                "Leave out --global for --target " + std::string(target.name));
  }
  const fs::path& home = session.context().environment.home;
  if (home.empty())
    throw Error(ErrorKind::io, "There is no home folder to write to", "Set HOME, or leave out --global");
  return home / target.global_file;
}

void write_target(SetupSession& session, const app::AgentTarget& target) {
  const fs::path file = file_of_target(session, target);
  const std::string existing = read_file_if_exists(file).value_or("");
  // The agent will start ktx in the project, wherever its file lies.
  const auto command = app::own_command(session.context().environment, session.directory());
  const std::string text = app::with_agent_part(file, existing, command);
  if (text != existing) {
    write_user_file(file, text);
    session.say((existing.empty() ? "Wrote " : "Updated ") + file.string() + " for " +
                std::string(target.label));
  }
  // Files below the home directory belong to no commit.
  if (!session.options().global_scope) session.add_file(std::string(target.project_file));
}

// The entries that start ktx, in the settings of the targets; `ktx setup agents` shows them first.
void write_entries(SetupSession& session, const std::vector<std::string>& names) {
  const auto scope = session.options().global_scope ? app::AgentScope::user : app::AgentScope::project;
  std::vector<app::AgentChoice> choices;
  for (const std::string& name : names) choices.push_back({name, scope});
  const app::AgentParts parts{.instructions = false, .settings = true};
  for (const app::AgentEdit& edit :
       app::plan_agents(choices, parts, session.directory(), session.context().environment)) {
    if (app::write_agent_edit(edit)) session.say("Wrote " + edit.file.string() + " for " + edit.agents);
  }
}

void write_targets(SetupSession& session, const std::vector<std::string>& names) {
  // A signal waits until all files are written.
  const InterruptGuard guard;
  if (session.options().agent_instructions) {
    for (const std::string& name : names) write_target(session, app::agent_target(name));
  }
  if (session.options().agent_entries) write_entries(session, names);
  session.complete("agents");
  throw_if_interrupted();
}

// Which agents the user probably has: those with a folder in the project or the home directory.
std::vector<bool> likely_targets(const SetupSession& session) {
  const fs::path& home = session.context().environment.home;
  std::vector<bool> likely;
  for (const app::AgentTarget& target : app::agent_targets()) {
    const fs::path top = *fs::path(target.project_file).begin();
    // Not AGENTS.md, which several agents read.
    const bool named = top.string().starts_with('.') && !home.empty() && path_exists(home / top);
    likely.push_back(named || path_exists(session.directory() / top));
  }
  return likely;
}

StepEnd ask_targets(SetupSession& session) {
  ManyQuestion question{.title = "Which agents shall know how to use ktx here?",
                        .choices = {},
                        .initial = likely_targets(session)};
  for (const app::AgentTarget& target : app::agent_targets()) {
    question.choices.push_back({std::string(target.label), std::string(target.project_file)});
  }
  const auto chosen = session.prompter()->choose_many(question);
  if (!chosen) return StepEnd::back;
  std::vector<std::string> names;
  for (const std::size_t index : *chosen) names.emplace_back(app::agent_targets()[index].name);
  write_targets(session, names);
  return StepEnd::done;
}

}  // namespace

StepEnd run_agents_step(SetupSession& session, Arrival arrival) {
  const SetupOptions& options = session.options();
  if (!options.targets.empty()) {
    write_targets(session, options.targets);
    return StepEnd::done;
  }
  const bool is_done = session.is_complete("agents") && !options.agents && arrival == Arrival::forward;
  if (options.skip_agents || is_done) return StepEnd::done;
  if (session.prompter() != nullptr) return ask_targets(session);
  if (!options.agents) return StepEnd::done;
  throw Error(ErrorKind::usage, "--agents needs --target where nobody can be asked",
              "Name an agent: --target claude-code, codex, cursor, opencode or universal");
}

}  // namespace ktx::cli
