#include "ktx/app/agent_plan.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "ktx/app/own_command.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::app {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_empty_file(const std::string& text) { return text.empty() || text == byte_order_mark; }

// The text in lines, without their breaks, for the details of an error.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Plans the files of all choices.
class AgentPlanning {
 public:
  AgentPlanning(const AgentParts& parts, const std::filesystem::path& project, const Environment& environment)
      : parts_(parts), project_(project), environment_(environment) {}

  void add(const AgentChoice& choice) {
    const AgentTarget& agent = mcp_agent(choice.agent);
    const auto settings_file = mcp_file(choice.agent, choice.scope, project_, environment_);
    const auto instructions = instruction_file(agent, choice.scope);
    if (!settings_file && instructions.empty()) throw no_such_scope(agent, choice.scope);
    if (parts_.instructions && !instructions.empty()) add_instructions(agent, choice.scope, instructions);
    if (parts_.settings && settings_file) add_settings(agent, choice.scope, *settings_file);
  }

  std::vector<AgentEdit> edits() { return std::move(edits_); }

 private:
  Error no_such_scope(const AgentTarget& agent, AgentScope scope) const {
    const std::string label(agent.label);
    if (environment_.home.empty()) {
      return {ErrorKind::io, "There is no home folder to write to", "Set HOME"};
    }
    return scope == AgentScope::project
               ? Error(ErrorKind::unsupported, label + " has no settings of a project", "Add --scope user")
               : Error(ErrorKind::unsupported, label + " has no settings of a user",
                       "Leave out --scope user");
  }

  std::filesystem::path instruction_file(const AgentTarget& agent, AgentScope scope) const {
    const std::string_view name = scope == AgentScope::project ? agent.project_file : agent.global_file;
    const auto& folder = scope == AgentScope::project ? project_ : environment_.home;
    return name.empty() || folder.empty() ? std::filesystem::path() : folder / name;
  }

  // The edit of a file; a file that another agent reads too is edited once.
  AgentEdit* begin(const AgentTarget& agent, AgentScope scope, const std::filesystem::path& file) {
    const auto same = std::ranges::find(edits_, file, &AgentEdit::file);
    if (same != edits_.end()) {
      same->agents += ", " + std::string(agent.label);
      return nullptr;
    }
    const auto text = read_file_if_exists(file);
    edits_.push_back({.agents = std::string(agent.label),
                      .scope = scope,
                      .file = file,
                      .exists = text.has_value(),
                      .before = text.value_or(""),
                      .after = {}});
    return &edits_.back();
  }

  void add_instructions(const AgentTarget& agent, AgentScope scope, const std::filesystem::path& file) {
    AgentEdit* edit = begin(agent, scope, file);
    if (edit == nullptr) return;
    if (parts_.remove) {
      edit->edit = [file](const std::string& text) { return without_agent_part(file, text); };
    } else {
      edit->edit = [file, command = own_command(environment_, project_)](const std::string& text) {
        return with_agent_part(file, text, command);
      };
    }
    edit->after = edit->edit(edit->before);
    edit->shown_before = edit->before;
    edit->shown_after = edit->after;
  }

  void add_settings(const AgentTarget& agent, AgentScope scope, const std::filesystem::path& file) {
    AgentEdit* edit = begin(agent, scope, file);
    if (edit == nullptr) return;
    edit->is_settings = true;
    const std::string name(agent.name);
    const AgentCommand command = mcp_command(name, scope, project_, environment_);
    edit->edit = [name, file, command, remove = parts_.remove](const std::string& text) {
      return edited_settings(name, file, command, remove, text);
    };
    edit->after = edit->edit(edit->before);
    const auto shown = [&](const std::string& text) {
      return settings::without_secrets(text, file.string(), mcp_entry_path(name, text, file.string()));
    };
    edit->shown_before = shown(edit->before);
    edit->shown_after = shown(edit->after);
  }

  static std::string edited_settings(const std::string& agent, const std::filesystem::path& file,
                                     const AgentCommand& command, bool remove, const std::string& text) {
    try {
      const settings::EntryPath path = mcp_entry_path(agent, text, file.string());
      if (remove) return settings::without_entry(text, file.string(), path);
      return settings::with_entry(text, file.string(), path, mcp_entry(agent, path, command));
    } catch (const Error& error) {
      if (remove) {
        throw Error(error.kind(), error.message(),
                    "Mend the file and run the command again, or take the entry \"ktx\" out by hand");
      }
      const settings::EntryPath path = mcp_entry_path(agent, "", "");
      throw Error(error.kind(), error.message(),
                  "Mend the file and run the command again, or write this into it by hand",
                  lines_of(settings::entry_alone(path, mcp_entry(agent, path, command))));
    }
  }

  const AgentParts& parts_;
  const std::filesystem::path& project_;
  const Environment& environment_;
  std::vector<AgentEdit> edits_;
};

// A folder that no other ktx writes agents' files in meanwhile. It is locked itself: a file for that would
// stay in a folder that is not ktx's.
class HeldFolder {
 public:
  explicit HeldFolder(const std::filesystem::path& folder)
      : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!folder_) throw system_error("Cannot open", folder.string(), errno);
    while (::flock(folder_.value(), LOCK_EX) != 0) {
      // File systems without locks are written to all the same: the file is whole in any case.
      if (errno != EINTR) return;
      throw_if_interrupted();
    }
  }

 private:
  FileDescriptor folder_;
};

// Replacing a file needs no right to write it, but somebody took that right away on purpose.
void require_writable(const std::filesystem::path& file) {
  struct stat status {};
  constexpr mode_t any_write = S_IWUSR | S_IWGRP | S_IWOTH;
  if (::stat(file.c_str(), &status) != 0) return;
  if ((status.st_mode & any_write) != 0 && ::access(file.c_str(), W_OK) == 0) return;
  throw Error(ErrorKind::io, "Cannot write " + file.string() + ": it is write-protected",
              "Allow writing (chmod u+w), or see with --dry-run what to write by hand");
}

// A file that held nothing but what ktx wrote goes with it, and the folder that was made for it.
void remove_own_file(const std::filesystem::path& file) {
  std::error_code fault;
  if (std::filesystem::is_symlink(file, fault)) return write_user_file(file, "");
  if (!std::filesystem::remove(file, fault) && fault)
    throw system_error("Cannot remove", file.string(), fault.value());
  const auto folder = file.parent_path();
  if (folder.filename().string().starts_with('.') || folder.filename() == "ktx")
    std::filesystem::remove(folder, fault);
}

}  // namespace

bool AgentEdit::removes_file() const { return exists && changes() && is_empty_file(after); }

std::vector<AgentEdit> plan_agents(const std::vector<AgentChoice>& choices, const AgentParts& parts,
                                   const std::filesystem::path& project, const Environment& environment) {
  AgentPlanning planning(parts, project, environment);
  for (const AgentChoice& choice : choices) planning.add(choice);
  return planning.edits();
}

bool write_agent_edit(const AgentEdit& edit) {
  const std::filesystem::path file = link_target(edit.file);
  if (!edit.exists && is_empty_file(edit.after)) return false;
  make_user_directories(file.parent_path());
  const HeldFolder held(file.parent_path());
  const auto found = read_file_if_exists(edit.file);
  const std::string before = found.value_or("");
  const std::string after = edit.edit(before);
  if (after == before) return false;
  require_writable(edit.file);
  if (found && is_empty_file(after)) {
    remove_own_file(edit.file);
  } else {
    write_user_file(edit.file, after);
  }
  return true;
}

}  // namespace ktx::app
