#include "ktx/daemon/state.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>

#include "ktx/util/access.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/shell_words.hpp"

namespace ktx::daemon {
namespace {

constexpr ErrorKind kind = ErrorKind::daemon;

std::uint16_t read_port(const JsonObject& state) {
  const std::uint64_t port = state.count("port");
  if (port == 0 || port > std::numeric_limits<std::uint16_t>::max())
    throw state.wrong("port", "must be 1 to 65535");
  return static_cast<std::uint16_t>(port);
}

pid_t read_pid(const JsonObject& state) {
  const std::uint64_t pid = state.count("pid");
  if (pid == 0 || pid > std::uint64_t{std::numeric_limits<pid_t>::max()}) {
    throw state.wrong("pid", "must be the number of a process");
  }
  return static_cast<pid_t>(pid);
}

// 128 bits at least, and nothing that could break out of a header.
std::string read_token(const JsonObject& state) {
  constexpr std::size_t least = 32;
  std::string token = state.string("token");
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (token.size() < least || !std::ranges::all_of(token, is_digit)) {
    throw state.wrong("token", "must be at least 32 hexadecimal digits");
  }
  return token;
}

runtime::Features read_features(const JsonObject& state) {
  runtime::Features features;
  for (const std::string& name : state.strings("features"))
    features.push_back(runtime::feature_from_name(name));
  return runtime::normalize(features);
}

}  // namespace

Json to_json(const State& state) {
  Json features = Json::array();
  for (const runtime::Feature feature : state.features) features.push_back(runtime::name(feature));
  return {{"schemaVersion", State::current_schema},
          {"instance", state.instance},
          {"pid", state.process.pid},
          {"startTime", state.process.start_time},
          {"bootId", state.process.boot_id},
          {"pidNamespace", state.process.pid_namespace},
          {"host", "127.0.0.1"},
          {"port", state.port},
          {"token", state.token},
          {"version", state.version},
          {"receipt", state.receipt},
          {"features", std::move(features)},
          {"codeExecution", state.code_execution},
          {"startedAt", state.started_at},
          {"log", state.log},
          {"output", state.output}};
}

State parse_state(std::string_view text) {
  constexpr const char* what = "The daemon's state file";
  const Json document = parse_json(text, what, kind);
  const JsonObject object(document, what, kind);
  if (object.integer("schemaVersion") != State::current_schema) {
    throw object.wrong("schemaVersion", "is of another version of ktx");
  }
  if (object.string("host") != "127.0.0.1") throw object.wrong("host", "must be 127.0.0.1");
  State state;
  state.instance = object.non_empty_string("instance");
  state.process = {read_pid(object), object.count("startTime"), object.string("bootId"),
                   object.string("pidNamespace")};
  state.port = read_port(object);
  state.token = read_token(object);
  state.version = object.string("version");
  state.receipt = object.string("receipt");
  state.features = read_features(object);
  state.code_execution = object.boolean("codeExecution");
  state.started_at = object.string("startedAt");
  state.log = object.string("log");
  state.output = object.string("output");
  return state;
}

std::string url(const State& state) { return "http://127.0.0.1:" + std::to_string(state.port); }

namespace {

namespace fs = std::filesystem;

constexpr mode_t owner_only_directory = 0700;
constexpr mode_t owner_only_file = 0600;
constexpr mode_t write_by_others = 0022;
constexpr mode_t anything_by_others = 0077;
// A state has less than a kilobyte; a larger file is something else.
constexpr std::size_t size_limit = 65536;

LoadedState refused(std::string reason) { return {.state = {}, .refusal = std::move(reason)}; }

LoadedState foreign(std::string reason) {
  return {.state = {}, .refusal = std::move(reason), .is_foreign = true};
}

// Refuses what another user may control; absent if nobody can.
LoadedState distrust(const struct stat& status, mode_t forbidden, const std::string& path) {
  if (status.st_uid != ::geteuid()) return foreign(path + " belongs to " + owner_of(path));
  if ((status.st_mode & forbidden) != 0) return refused(path + " is open to other users");
  return {};
}

LoadedState distrust_directory(const fs::path& directory) {
  struct stat status {};
  // lstat: a link could be pointed elsewhere between this check and the use.
  if (::lstat(directory.c_str(), &status) != 0) return {};
  if (!S_ISDIR(status.st_mode)) return refused(directory.string() + " is not a folder");
  return distrust(status, write_by_others, directory.string());
}

LoadedState distrust_file(int file, const std::string& path) {
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return refused(path + " is not a file");
  return distrust(status, anything_by_others, path);
}

std::string read_bounded(int file) {
  std::string text(size_limit, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

}  // namespace

LoadedState load_state(const runtime::Layout& layout) {
  const std::string path = layout.daemon_state_path.string();
  if (LoadedState loaded = distrust_directory(layout.daemon_dir); !loaded.absent()) return loaded;
  // O_NONBLOCK: opening a pipe in the file's place must not wait for a writer. The file is judged through its
  // descriptor, so it cannot be exchanged after the check.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return {};
  if (!file && errno == EACCES) return foreign(system_error("Cannot read", path, EACCES).message());
  if (!file) return refused(system_error("Cannot read", path, errno).message());
  if (LoadedState loaded = distrust_file(file.value(), path); !loaded.absent()) return loaded;
  try {
    return {.state = parse_state(read_bounded(file.value())), .refusal = {}};
  } catch (const Error& error) {
    return refused(error.message());
  }
}

namespace {

Error cannot_create(const fs::path& directory, int reason) {
  Error error = system_error("Cannot create", directory.string(), reason);
  if (reason != EACCES) return error;
  return {ErrorKind::io, error.message(),
          "Set XDG_STATE_HOME or KTX_RUNTIME_ROOT to a folder where you may write, or do without a daemon"};
}

std::string fix_of_distrust(const fs::path& directory) {
  struct stat status {};
  const bool is_own = ::lstat(directory.c_str(), &status) == 0 && status.st_uid == ::geteuid();
  if (is_own && S_ISDIR(status.st_mode)) {
    return "Keep it for yourself alone: " + shell_command({"chmod", "700", directory});
  }
  // Whose it is may have a daemon there, which must not lose its folder.
  return "Remove it if no daemon of theirs runs, or set KTX_RUNTIME_ROOT to a folder of your own";
}

}  // namespace

void make_daemon_directory(const runtime::Layout& layout) {
  std::error_code failure;
  fs::create_directories(layout.daemons_dir, failure);
  if (failure) throw cannot_create(layout.daemons_dir, failure.value());
  // mkdir and not create_directories: the folder must never exist with wider permissions.
  if (::mkdir(layout.daemon_dir.c_str(), owner_only_directory) != 0 && errno != EEXIST) {
    throw cannot_create(layout.daemon_dir, errno);
  }
  const LoadedState loaded = distrust_directory(layout.daemon_dir);
  if (loaded.absent()) return;
  throw Error(ErrorKind::daemon, "The daemon's folder cannot be trusted: " + loaded.refusal,
              fix_of_distrust(layout.daemon_dir));
}

void write_state(const runtime::Layout& layout, const State& state) {
  write_file_atomically(layout.daemon_state_path, pretty_json(to_json(state)), owner_only_file);
}

void remove_state(const runtime::Layout& layout) {
  if (::unlink(layout.daemon_state_path.c_str()) != 0 && errno != ENOENT) {
    throw system_error("Cannot remove", layout.daemon_state_path.string(), errno);
  }
}

}  // namespace ktx::daemon
