#include "setup/agents_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/agent_plan.hpp"
#include "ktx/app/agent_status.hpp"
#include "ktx/output/agents_view.hpp"
#include "ktx/project/project.hpp"
#include "ktx/terminal/prompts.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"
#include "setup/session.hpp"

namespace ktx::cli {
namespace {

namespace fs = std::filesystem;

// One run of the command in one project.
class AgentsRun {
 public:
  AgentsRun(Context& context, const AgentsOptions& options, const SetupOptions& setup)
      : context_(context), options_(options), setup_(setup) {
    project_ = project::find_project_directory(context.project_directory, context.environment);
    if (!path_exists(project_ / "ktx.yaml"))
      throw project::no_config_file(project_, "Make one with ktx setup");
    const bool is_asked = !yes() && !no_input() && !options.dry_run && context.can_confirm();
    if (is_asked) prompter_ = make_prompter(context.terminal, context.environment);
    parts_ = {options.mode != "mcp", options.mode != "cli", options.remove};
  }

  int run() {
    const std::vector<app::AgentEdit> edits = plan();
    const bool changes = std::ranges::any_of(edits, &app::AgentEdit::changes);
    show(edits);
    if (!changes) {
      context_.warn(options_.remove ? "There is nothing of ktx to take out"
                                    : "Nothing to do: all of it is there");
      return 0;
    }
    if (options_.dry_run) return 0;
    if (prompter_ && !is_agreed()) {
      context_.warn("Nothing was written");
      return 0;
    }
    write(edits);
    return 0;
  }

 private:
  bool yes() const { return options_.yes || setup_.policy.yes; }
  bool no_input() const { return options_.no_input || setup_.policy.no_input; }

  // std::nullopt if the command line does not say.
  std::optional<app::AgentScope> told_scope() const {
    if (options_.global || setup_.global_scope) return app::AgentScope::user;
    if (!options_.scope) return std::nullopt;
    return *options_.scope == "project" ? app::AgentScope::project : app::AgentScope::user;
  }

  std::vector<app::AgentEdit> plan() {
    std::vector<std::string> agents = options_.agents.empty() ? setup_.targets : options_.agents;
    std::optional<app::AgentScope> scope = told_scope();
    if (agents.empty() && prompter_) {
      do {
        agents = ask_agents();
        if (!scope) scope = ask_scope();
      } while (!scope);
    }
    if (agents.empty() && options_.remove) {
      return app::plan_agents(all_there(scope), parts_, project_, context_.environment);
    }
    if (agents.empty() && yes()) agents = likely_agents();
    if (agents.empty()) {
      throw Error(ErrorKind::usage, "ktx setup agents needs --target where nobody can be asked",
                  "Name an agent: --target claude-code, or another of ktx setup agents --help");
    }
    std::vector<app::AgentChoice> choices;
    for (const std::string& agent : agents) choose(choices, agent, scope);
    return app::plan_agents(choices, parts_, project_, context_.environment);
  }

  bool has_project_file(const std::string& agent) const {
    return app::mcp_file(agent, app::AgentScope::project, project_, context_.environment).has_value();
  }

  // An agent without settings of a project gets those of a user, unless a project's were asked for.
  void choose(std::vector<app::AgentChoice>& choices, const std::string& agent,
              std::optional<app::AgentScope> scope) const {
    const auto usual = has_project_file(agent) ? app::AgentScope::project : app::AgentScope::user;
    const bool is_named = !options_.agents.empty() || !setup_.targets.empty();
    choices.push_back({agent, is_named ? scope.value_or(usual) : std::max(usual, scope.value_or(usual))});
  }

  // Everything of this project; of what an agent has for all projects, what serves this one.
  std::vector<app::AgentChoice> all_there(std::optional<app::AgentScope> scope) const {
    std::vector<app::AgentChoice> choices;
    for (const app::AgentSetUp& agent : app::agents_set_up(project_, context_.environment)) {
      const auto its = agent.scope == "project" ? app::AgentScope::project : app::AgentScope::user;
      const bool is_meant =
          scope ? its == *scope : its == app::AgentScope::project || !has_project_file(agent.agent);
      if (is_meant && !(agent.server && agent.server->elsewhere)) choices.push_back({agent.agent, its});
    }
    return choices;
  }

  bool is_there(const app::AgentTarget& agent) const {
    const auto known = app::agents_set_up(project_, context_.environment);
    return std::ranges::find(known, agent.name, &app::AgentSetUp::agent) != known.end();
  }

  // An agent that has left its own folder or settings, here or below the home folder.
  bool is_likely(const app::AgentTarget& agent) const {
    if (options_.remove) return is_there(agent);
    if (agent.name == "universal") return path_exists(project_ / "AGENTS.md");
    const auto user = app::mcp_file(agent.name, app::AgentScope::user, project_, context_.environment);
    const auto here = app::mcp_file(agent.name, app::AgentScope::project, project_, context_.environment);
    const fs::path& home = context_.environment.home;
    const auto is_left = [&](const std::optional<fs::path>& file) {
      if (!file) return false;
      const fs::path folder = file->parent_path();
      return path_exists(*file) || (folder != project_ && folder != home && path_exists(folder));
    };
    const fs::path top = agent.project_file.empty() ? fs::path() : *fs::path(agent.project_file).begin();
    const bool has_folder =
        top.string().starts_with('.') && (path_exists(project_ / top) || path_exists(home / top));
    return has_folder || is_left(user) || is_left(here);
  }

  std::vector<std::string> likely_agents() const {
    std::vector<std::string> names;
    for (const app::AgentTarget& agent : app::mcp_agents()) {
      if (is_likely(agent)) names.emplace_back(agent.name);
    }
    return names;
  }

  std::vector<std::string> ask_agents() const {
    ManyQuestion question{.title = options_.remove ? "From which agents shall ktx be taken out?"
                                                   : "Which agents shall start ktx here?",
                          .choices = {},
                          .at_least = 1};
    for (const app::AgentTarget& agent : app::mcp_agents()) {
      const auto file = app::mcp_file(agent.name, app::AgentScope::project, project_, context_.environment);
      question.choices.push_back({std::string(agent.label), file ? file->lexically_relative(project_).string()
                                                                 : "only for all projects"});
      question.initial.push_back(is_likely(agent));
    }
    while (true) {
      const auto chosen = prompter_->choose_many(question);
      if (!chosen) continue;  // nothing was asked before
      std::vector<std::string> names;
      for (const std::size_t index : *chosen) names.emplace_back(app::mcp_agents()[index].name);
      return names;
    }
  }

  // std::nullopt to go back to the agents.
  std::optional<app::AgentScope> ask_scope() const {
    const auto chosen =
        prompter_->choose({.title = "For whom?",
                           .choices = {{"This project", "files in it, for everybody who works on it"},
                                       {"Me, in all my projects",
                                        "files below the home folder, which start ktx for this project"}}});
    if (!chosen) return std::nullopt;
    return *chosen == 0 ? app::AgentScope::project : app::AgentScope::user;
  }

  bool is_agreed() const {
    const auto answer = prompter_->yes_or_no({.title = options_.remove ? "Take this out?" : "Write this?"});
    return answer.value_or(false);
  }

  // A diff that was asked for is the answer; before a write it is a remark.
  void show(const std::vector<app::AgentEdit>& edits) const {
    for (const app::AgentEdit& edit : edits) {
      if (options_.dry_run) {
        context_.terminal.out(render_agent_edit(edit, context_.terminal.out_style()));
      } else if (!context_.quiet) {
        context_.terminal.err(render_agent_edit(edit, context_.terminal.err_style()));
      }
    }
  }

  void write(const std::vector<app::AgentEdit>& edits) {
    SetupSession session(context_, setup_, prompter_.get());
    session.set_directory(project_);
    {
      // A signal waits until all files are written.
      const InterruptGuard guard;
      for (const app::AgentEdit& edit : edits) write(session, edit);
      throw_if_interrupted();
    }
    if (options_.remove) return;
    // Settings may have secrets of others: to commit them is the user's.
    session.complete("agents");
    session.commit("Tell agents about ktx");
    context_.note("See whether they start: ktx status --agents");
  }

  void write(SetupSession& session, const app::AgentEdit& edit) {
    if (!app::write_agent_edit(edit)) return;
    const std::string done = edit.removes_file() ? "Removed " : !edit.exists ? "Wrote " : "Updated ";
    context_.terminal.out(done + edit.file.string() + " for " + edit.agents + "\n");
    if (!edit.is_settings && edit.scope == app::AgentScope::project) {
      session.add_file(edit.file.lexically_relative(project_).string());
    }
  }

  Context& context_;
  const AgentsOptions& options_;
  const SetupOptions& setup_;
  fs::path project_;
  std::unique_ptr<Prompter> prompter_;
  app::AgentParts parts_;
};

}  // namespace

void add_agents_options(CLI::App& command, AgentsOptions& options) {
  command
      .add_option("--target", options.agents,
                  "The agent to set up, else those that are chosen; may be given more than once")
      ->check(CLI::IsMember(app::mcp_agent_names()))
      ->allow_extra_args(false);
  command
      .add_option("--scope", options.scope,
                  "project (default): its own files; user: the agent's files for all of your projects")
      ->check(CLI::IsMember({"project", "user", "global"}));
  command.add_flag("--global", options.global, "The same as --scope user");
  command
      .add_option("--agent-install-mode", options.mode,
                  "both (default), cli (only the instructions) or mcp (only the entry that starts ktx)")
      ->check(CLI::IsMember({"cli", "mcp", "both"}));
  command.add_flag("--dry-run,--print", options.dry_run, "Only show what would be written");
  command.add_flag("--remove", options.remove, "Take ktx out again; without --target, of all agents");
  command.add_flag("--yes", options.yes,
                   "Write without asking; without --target for all agents that seem to be there");
  command.add_flag("--no-input", options.no_input, "Write without asking");
}

int run_setup_agents(Context& context, const AgentsOptions& options, const SetupOptions& setup) {
  return AgentsRun(context, options, setup).run();
}

}  // namespace ktx::cli
