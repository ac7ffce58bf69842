#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ktx/util/environment.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::project {

/// Runs git in one folder, on the repository that the folder lies in.
class Git {
 public:
  /// Nothing when there is no git on PATH.
  static std::optional<Git> find(const std::filesystem::path& directory, const Environment& environment,
                                 CommandRunner& runner);

  /// For the commits that follow: author and committer.
  void set_identity(const std::string& name, const std::string& address);

  CommandResult run(const std::vector<std::string>& arguments) const;

 private:
  Git(std::string program, std::filesystem::path directory, const Environment& environment,
      CommandRunner& runner);

  std::string program_;
  std::filesystem::path directory_;
  std::map<std::string, std::string> variables_;
  CommandRunner& runner_;
};

/// Why a command failed, in git's or a hook's words: one line.
std::string git_reason(const CommandResult& result);

}  // namespace ktx::project
