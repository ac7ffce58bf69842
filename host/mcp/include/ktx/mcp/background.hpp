#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ktx/util/process.hpp"

namespace ktx::mcp {

/// Where the server of a project that runs in the background keeps what it needs, below `.ktx/mcp`.
struct BackgroundFiles {
  std::filesystem::path folder;
  std::filesystem::path state;
  std::filesystem::path token;
  std::filesystem::path log;
  std::filesystem::path lock;
};

BackgroundFiles background_files(const std::filesystem::path& project_directory);

/// What a server in the background tells of itself. Holds no secret.
struct BackgroundState {
  ProcessIdentity process;
  std::string url;
  std::string version;  ///< of ktx
  std::string started_at;
  std::string token;  ///< where its token is: "env:NAME", or the path of a file
  bool allow_write = false;
};

/// The state of a server that is running; std::nullopt if there is none, whatever a killed one has left.
std::optional<BackgroundState> running_server(const BackgroundFiles& files);

/// Makes the folder, for its owner alone, and keeps it out of git. Throws an `io` error.
void make_background_folder(const BackgroundFiles& files);

/// The token of the project's own file, which is made if there is none. Throws an `io` error if others may
/// read the file, or if it holds nothing fit for a token.
std::string own_token(const BackgroundFiles& files);

/// Throws a `usage` error, which does not show it, unless the text is fit for a token. `where` is what holds
/// it.
void check_token(const std::string& token, const std::string& where);

struct BackgroundStart {
  std::vector<std::string> command;                ///< of a process that calls `serve_in_background`
  std::map<std::string, std::string> environment;  ///< of that process
  std::string version;                             ///< of ktx; a server of another is replaced
};

struct BackgroundResult {
  BackgroundState state;
  bool existing = false;  ///< it was running already
};

/// The server that is running, or a new one. Many may call this at once. Throws what kept it from starting.
BackgroundResult start_in_background(const BackgroundFiles& files, const BackgroundStart& request);

/// Ends the server. The state that it had; std::nullopt if none was running.
std::optional<BackgroundState> stop_in_background(const BackgroundFiles& files);

/// For the process that `start_in_background` starts: detaches it, and runs `serve`, which calls `started`
/// once it listens. Returns the exit code. An error is told to the starter, and thrown.
int serve_in_background(const BackgroundFiles& files,
                        const std::function<int(const std::function<void(BackgroundState)>& started)>& serve);

}  // namespace ktx::mcp
