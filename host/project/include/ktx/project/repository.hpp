#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ktx/project/config.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::project {

/// The outcome of a git operation. The project's files are the same in any case: git only keeps their
/// history.
struct GitOutcome {
  enum class Kind : std::uint8_t {
    done,           ///< there is a new repository, or a new commit
    nothing_to_do,  ///< there is a repository already, or the files are as they were committed
    switched_off,   ///< `storage.git.auto_commit` is off
    failed,         ///< see the note
  };

  Kind kind = Kind::done;
  std::string note = {};  ///< one line for the user, why git did nothing; empty unless it failed
};

/// Makes a repository of `directory`, unless it lies inside one.
GitOutcome init_repository(const std::filesystem::path& directory, const Environment& environment,
                           CommandRunner& runner);

/// Commits the files as they are on the disk, new ones too, and nothing else: other staged or changed files
/// stay so. `paths` are relative to `directory`, and below it. Author and committer are `storage.git.author`.
/// Hooks run. Nothing is signed, because the key would be the user's and the author is not. Variables that
/// point git at another repository (GIT_DIR and the like) are ignored.
///
/// When git fails, the index is left as it was. Throws `interrupted` only.
GitOutcome commit_files(const std::filesystem::path& directory, const Storage& storage,
                        const std::vector<std::string>& paths, const std::string& message,
                        const Environment& environment, CommandRunner& runner);

}  // namespace ktx::project
