#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// What an install is doing. Only `step` is always set.
struct InstallProgress {
  std::string step;         ///< in a few words: "Installing packages"
  std::string package{};    ///< the one that is being fetched or was installed last
  std::uint64_t bytes = 0;  ///< its size, when it is known
  std::size_t done = 0;     ///< packages installed by this step
  std::size_t total = 0;    ///< of so many
};

/// What an install needs from its surroundings.
struct InstallServices {
  const Environment& environment;
  CommandRunner& runner;
  LibraryCheck loads;  ///< whether a shared library can be loaded by this program

  /// Loads the described interpreter and its packages in another process; throws if that fails. Its paths are
  /// those of the new environment, which `.venv` does not point at yet.
  std::function<void(const Interpreter&)> verify;

  /// Tries the embeddings of an environment that has these features, the new one as above; throws if they do
  /// not work. Not called without the feature `local-embeddings`.
  std::function<void(const Interpreter&, const Features&)> verify_embeddings = {};

  std::function<void(const InstallProgress&)> progress;  ///< told each step as it begins, and how far it is
  std::function<void(const std::string& text)> notice;   ///< told what the user should know, such as a wait
};

}  // namespace ktx::runtime
