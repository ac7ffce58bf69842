#include "ktx/app/own_command.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <system_error>

#include "ktx/app/version.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/shell_words.hpp"

namespace ktx::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view plain = "ktx";

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Whether `folder` is `top`, or lies below it.
bool is_inside(const fs::path& folder, const fs::path& top) {
  const auto [end, rest] = std::mismatch(top.begin(), top.end(), folder.begin(), folder.end());
  return !top.empty() && end == top.end();
}

// How this process was started, as far as the launcher and the package managers say.
class Start {
 public:
  Start(const Environment& environment, const fs::path& folder)
      : environment_(environment),
        folder_(folder),
        launcher_(environment.variable("KTX_LAUNCHER").value_or("")),
        agent_(environment.variable("npm_config_user_agent").value_or("")) {}

  std::string command() const {
    const std::string program = environment_.executable.string();
    if (launcher_.empty()) return without_launcher();
    // Another ktx may have left the variable.
    if (holds(program, "/kaelio_ktx_cli/ktx/bin/")) return by_python();
    return holds(program, "/node_modules/") ? by_node() : std::string(plain);
  }

 private:
  using Skip = std::function<bool(const fs::path& directory)>;

  // Whether the shell of the user finds this ktx by its name, in folders that are not there for this process
  // alone.
  std::optional<fs::path> on_path(const Skip& skip) const {
    for (const fs::path& directory : path_directories(environment_)) {
      if (!skip(directory) && is_executable_file(directory / plain)) return directory / plain;
    }
    return std::nullopt;
  }

  bool is_launcher(const std::optional<fs::path>& found) const {
    std::error_code fault;
    return found && fs::canonical(*found, fault) == launcher_;
  }

  // What pnpm puts on the PATH is a script of its own, in the folder that has its packages or in `bin` there.
  bool is_script_of_pnpm(const fs::path& found) const {
    const fs::path folder = found.parent_path();
    return is_inside(launcher_, folder / "global") || is_inside(launcher_, folder.parent_path() / "global");
  }

  std::string path_of_launcher() const {
    const fs::path launcher(launcher_);
    return single_quoted(is_inside(launcher, folder_) ? launcher.lexically_relative(folder_) : launcher);
  }

  std::string without_launcher() const;
  std::string by_node() const;
  std::string for_once() const;
  std::optional<fs::path> project() const;
  std::string in_project(const fs::path& top) const;
  std::string by_lock_file(const fs::path& top) const;
  std::string by_pnpm(const fs::path& top) const;
  std::string by_python() const;

  const Environment& environment_;
  const fs::path& folder_;
  const std::string launcher_;  ///< its file, links resolved, or the words "… -m kaelio_ktx_cli"
  const std::string agent_;     ///< "npm/11.0.0 node/v24.0.0 linux x64"
};

// The program itself, in a folder of a package manager or of the archive, is started by its path unless the
// shell finds it; one that lies elsewhere is on the PATH of whoever installed it.
std::string Start::without_launcher() const {
  const fs::path& program = environment_.executable;
  const std::string folder_of_archive = "ktx-" + std::string(version) + "-";
  const bool is_packed =
      holds(program.string(), "/kaelio_ktx_cli/ktx/bin/") || holds(program.string(), "/node_modules/") ||
      program.parent_path().parent_path().filename().string().starts_with(folder_of_archive);
  if (!is_packed) return std::string(plain);
  std::error_code fault;
  const auto found = on_path([](const fs::path&) { return false; });
  if (found && fs::canonical(*found, fault) == program) return std::string(plain);
  return single_quoted(is_inside(program, folder_) ? program.lexically_relative(folder_) : program);
}

std::string Start::by_node() const {
  const bool by_manager = !agent_.empty() || environment_.variable("npm_execpath").has_value();
  const auto found = on_path([&](const fs::path& directory) {
    return by_manager && directory.filename() == ".bin" &&
           directory.parent_path().filename() == "node_modules";
  });
  if (is_launcher(found) || (found && is_script_of_pnpm(*found))) return std::string(plain);
  std::string once = for_once();
  if (!once.empty()) return once;
  // Elsewhere `npx ktx` would fetch a package of that name, which is none of ours.
  if (const auto top = project()) return in_project(*top);
  // In Plug'n'Play the launcher does not find the program without Yarn.
  return holds(launcher_, "/.yarn/") ? single_quoted(environment_.executable) : path_of_launcher();
}

// The nearest project that has this ktx, at the folder or above it.
std::optional<fs::path> Start::project() const {
  for (fs::path at = folder_; at.has_relative_path(); at = at.parent_path()) {
    const fs::path program = at / "node_modules/.bin/ktx";
    // pnpm has a script there, everybody else a link; two of Yarn's linkers have nothing.
    const bool is_script = path_exists(program) && !fs::is_symlink(program);
    if (is_script || is_launcher(program)) return at;
    const bool is_of_yarn = path_exists(at / ".pnp.cjs") || path_exists(at / ".yarnrc.yml");
    if (is_of_yarn && is_inside(launcher_, at)) return at;
  }
  return std::nullopt;
}

// By npx, pnpm dlx, yarn dlx or bunx, in a folder that they made for it; empty if by none of them.
std::string Start::for_once() const {
  if (holds(launcher_, "/_npx/")) return "npx @kaelio/ktx";
  if (holds(launcher_, "bunx-")) return "bunx @kaelio/ktx";
  if (agent_.starts_with("pnpm/") && holds(launcher_, "/dlx")) return "pnpm dlx @kaelio/ktx";
  return agent_.starts_with("yarn/") && holds(launcher_, "/dlx-") ? "yarn dlx @kaelio/ktx" : "";
}

std::string Start::in_project(const fs::path& top) const {
  if (agent_.starts_with("npm/")) return "npx ktx";
  if (agent_.starts_with("pnpm/")) return by_pnpm(top);
  // Yarn 1 writes words of its own to stdout, and `bunx` may fetch what `bun run` does not find.
  if (agent_.starts_with("yarn/1.")) return "yarn --silent ktx";
  if (agent_.starts_with("yarn/")) return "yarn ktx";
  return agent_.starts_with("bun/") ? "bun run ktx" : by_lock_file(top);
}

std::string Start::by_lock_file(const fs::path& top) const {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> commands = {
      {{"bun.lock", "bun run ktx"},
       {"bun.lockb", "bun run ktx"},
       {".yarnrc.yml", "yarn ktx"},
       {"yarn.lock", "yarn --silent ktx"}}};
  // The lock file of a workspace lies above.
  for (fs::path at = top; at.has_relative_path(); at = at.parent_path()) {
    if (path_exists(at / "pnpm-lock.yaml")) return by_pnpm(top);
    for (const auto& [file, command] : commands) {
      if (path_exists(at / file)) return std::string(command);
    }
  }
  return "npx ktx";
}

// pnpm does not look for programs above.
std::string Start::by_pnpm(const fs::path& top) const {
  const fs::path program = top / "node_modules/.bin/ktx";
  return folder_ == top ? "pnpm exec ktx" : single_quoted(program.lexically_relative(folder_));
}

std::string Start::by_python() const {
  if (launcher_.ends_with(" -m kaelio_ktx_cli")) return launcher_;
  const fs::path programs = fs::path(launcher_).parent_path();
  const bool by_uv = environment_.variable("UV").has_value();
  // uv adds the folder of what it starts to the PATH of that alone.
  if (is_launcher(on_path([&](const fs::path& directory) { return by_uv && directory == programs; })))
    return std::string(plain);
  const bool in_cache = holds(launcher_, "/archive-v") || holds(launcher_, "/environments-v");
  if (in_cache || (by_uv && holds(launcher_, "/tools/"))) return "uvx --from kaelio-ktx-cli ktx";
  if (holds(launcher_, "/.cache/pipx/") || holds(launcher_, "/pipx/.cache/"))
    return "pipx run --spec kaelio-ktx-cli ktx";
  const fs::path project = programs.parent_path().parent_path();  // of <project>/.venv/bin
  const bool by_uv_run = environment_.variable("UV_RUN_RECURSION_DEPTH").has_value();
  return by_uv_run && is_inside(folder_, project) ? "uv run ktx" : path_of_launcher();
}

constexpr std::array<std::string_view, 12> commands = {"setup",   "sl",    "sql",        "connection",
                                                       "wiki",    "mcp",   "serve",      "status",
                                                       "runtime", "cache", "completion", "help"};

bool is_part_of_word(char c) {
  constexpr std::string_view others = "_-./@";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || others.find(c) != std::string_view::npos;
}

// Whether a command of ktx, or an option, stands at the start of the text.
bool starts_with_command(std::string_view text) {
  if (text.starts_with("--") && text.size() > 2) return is_part_of_word(text[2]);
  return std::ranges::any_of(commands, [&](std::string_view name) {
    return text.starts_with(name) &&
           (text.size() == name.size() || !is_part_of_word(text[name.size()]) || text[name.size()] == '.');
  });
}

}  // namespace

std::string own_command(const Environment& environment, const fs::path& folder) {
  std::string command = Start(environment, folder).command();
  // Nobody has such a path.
  if (command.find_first_of("\"\\\n") != std::string::npos) command = plain;
  return command;
}

std::string with_own_command(std::string text, std::string_view command) {
  constexpr std::string_view word = "ktx ";
  if (command == plain) return text;
  const std::string_view before = command.ends_with(plain) ? command.substr(0, command.size() - 3) : "";
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
    const std::string_view left = std::string_view(text).substr(0, at);
    const bool is_word = left.empty() || !is_part_of_word(left.back());
    const bool is_done = !before.empty() && left.ends_with(before);
    if (is_word && !is_done && starts_with_command(std::string_view(text).substr(at + word.size()))) {
      text.replace(at, plain.size(), command);
      at += command.size();
    } else {
      at += word.size();
    }
  }
  return text;
}

}  // namespace ktx::app
