#include "ktx/mcp/background.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <limits>
#include <utility>

#include "ktx/project/config.hpp"
#include "ktx/util/access.hpp"
#include "ktx/util/detached.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/random.hpp"
#include "ktx/util/shell_words.hpp"
#include "ktx/util/text.hpp"

namespace ktx::mcp {
namespace {

namespace fs = std::filesystem;

constexpr mode_t owner_only = 0600;
constexpr const char* state_name = "The state of the MCP server";

Json to_json(const BackgroundState& state) {
  return {{"pid", state.process.pid},
          {"startTime", state.process.start_time},
          {"bootId", state.process.boot_id},
          {"pidNamespace", state.process.pid_namespace},
          {"url", state.url},
          {"version", state.version},
          {"startedAt", state.started_at},
          {"token", state.token},
          {"allowWrite", state.allow_write}};
}

BackgroundState parse_background_state(std::string_view text) {
  const Json document = parse_json(text, state_name, ErrorKind::daemon);
  const JsonObject object(document, state_name, ErrorKind::daemon);
  const std::uint64_t pid = object.count("pid");
  if (pid == 0 || pid > std::uint64_t{std::numeric_limits<pid_t>::max()})
    throw object.wrong("pid", "must be the number of a process");
  return {.process = {static_cast<pid_t>(pid), object.count("startTime"), object.string("bootId"),
                      object.string("pidNamespace")},
          .url = object.string("url"),
          .version = object.string("version"),
          .started_at = object.string("startedAt"),
          .token = object.string("token"),
          .allow_write = object.boolean("allowWrite")};
}

// What a state file says, be its server alive or not.
std::optional<BackgroundState> load_background_state(const BackgroundFiles& files) {
  try {
    const auto text = read_file_if_exists(files.state);
    if (text) return parse_background_state(*text);
  } catch (const Error&) {
    // Damaged, or of another user: the next start writes it anew, or says what is in its way.
  }
  return std::nullopt;
}

[[noreturn]] void throw_start_failure(const BackgroundFiles& files, const std::string& message) {
  if (message.empty()) {
    throw Error(ErrorKind::daemon, "The MCP server ended before it was ready",
                "Read its log: " + shell_command({"cat", files.log}));
  }
  const Json document = parse_json(message, "The starting server's message", ErrorKind::daemon);
  const JsonObject failure(document, "The starting server's message", ErrorKind::daemon);
  throw Error(ErrorKind::daemon, "The MCP server did not start: " + failure.string("message"),
              failure.string("fix"), failure.strings("details"));
}

FileLock lock_background(const BackgroundFiles& files) {
  make_background_folder(files);
  return FileLock::acquire(files.lock, LockMode::exclusive);
}

// Ends the process of the state, which is exactly that one or none.
bool end_server(const BackgroundState& state) {
  constexpr auto patience = std::chrono::seconds(5);
  const auto process = Process::find(state.process);
  if (!process) return false;
  process->signal(SIGTERM);
  if (!process->wait_for_end(patience)) {
    process->signal(SIGKILL);
    process->wait_for_end(patience);
  }
  return true;
}

// Made beside and linked into place, so that of two servers that start at once both read what one has made.
void make_token(const fs::path& path) {
  constexpr std::size_t digits = 64;
  const std::string made = path.string() + "." + random_id();
  write_file_atomically(made, random_hex(digits) + "\n", owner_only);
  const int failure = ::link(made.c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(made.c_str());
  if (failure != 0 && failure != EEXIST) throw system_error("Cannot create", path.string(), failure);
  if (failure == 0) give_to_owner_of_folder(path);
}

}  // namespace

BackgroundFiles background_files(const fs::path& project_directory) {
  const fs::path folder = project_directory / ".ktx" / "mcp";
  return {.folder = folder,
          .state = folder / "state.json",
          .token = folder / "token",
          .log = folder / "server.log",
          .lock = folder / "server.lock"};
}

std::optional<BackgroundState> running_server(const BackgroundFiles& files) {
  auto state = load_background_state(files);
  if (state && Process::find(state->process)) return state;
  return std::nullopt;
}

void make_background_folder(const BackgroundFiles& files) {
  project::make_local_folder(files.folder.parent_path().parent_path());
  // mkdir and not create_directories: the folder must never exist with wider permissions.
  if (::mkdir(files.folder.c_str(), 0700) == 0) {
    give_to_owner_of_folder(files.folder);
    write_user_file(files.folder / ".gitignore", "*\n");
  } else if (errno != EEXIST) {
    throw system_error("Cannot create", files.folder.string(), errno);
  }
}

void check_token(const std::string& token, const std::string& where) {
  constexpr std::size_t least = 16;
  const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
  if (token.size() >= least && std::ranges::all_of(token, is_visible)) return;
  throw Error(ErrorKind::usage, where + " holds no token: it needs 16 visible ASCII characters or more",
              "Make one: openssl rand -hex 32");
}

std::string own_token(const BackgroundFiles& files) {
  constexpr mode_t anything_by_others = 0077;
  make_background_folder(files);
  if (!path_exists(files.token)) make_token(files.token);
  struct stat status {};
  const FileDescriptor file(::open(files.token.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file || ::fstat(file.value(), &status) != 0)
    throw system_error("Cannot read", files.token.string(), errno);
  if ((status.st_mode & anything_by_others) != 0) {
    throw Error(ErrorKind::io, files.token.string() + " is open to other users",
                "Make a new one: " + shell_command({"rm", files.token}));
  }
  std::string token = single_spaced(read_descriptor(file.value(), files.token));
  check_token(token, files.token.string());
  return token;
}

BackgroundResult start_in_background(const BackgroundFiles& files, const BackgroundStart& request) {
  const FileLock lock = lock_background(files);
  if (const auto state = running_server(files)) {
    if (state->version == request.version) return {*state, true};
    end_server(*state);
  }
  std::error_code ignored;  // what a killed one has left
  fs::remove(files.state, ignored);
  const FileDescriptor log = open_new_log(files.log);
  const FileDescriptor pipe =
      start_detached({.argv = request.command, .environment = request.environment, .output = log.value()});
  const std::string message = told_by_child(pipe);
  const auto state = running_server(files);
  if (!message.empty() || !state) throw_start_failure(files, message);
  return {*state, false};
}

std::optional<BackgroundState> stop_in_background(const BackgroundFiles& files) {
  if (!path_exists(files.folder)) return std::nullopt;
  const FileLock lock = lock_background(files);
  auto state = load_background_state(files);
  std::error_code ignored;
  const bool was_running = state && end_server(*state);
  fs::remove(files.state, ignored);
  return was_running ? state : std::nullopt;
}

int serve_in_background(const BackgroundFiles& files,
                        const std::function<int(const std::function<void(BackgroundState)>&)>& serve) {
  settle_in_background();
  try {
    const int code = serve([&files](BackgroundState state) {
      state.process = own_identity();
      write_file_atomically(files.state, pretty_json(to_json(state)), owner_only);
      ::close(starter_descriptor);
    });
    std::error_code ignored;
    const auto state = load_background_state(files);
    if (state && state->process == own_identity()) fs::remove(files.state, ignored);
    return code;
  } catch (const Error& error) {
    tell_starter(error);
    throw;
  }
}

}  // namespace ktx::mcp
