#pragma once

#include <functional>
#include <string>

#include "ktx/runtime/install_plan.hpp"
#include "ktx/runtime/install_progress.hpp"
#include "ktx/runtime/interpreter_probe.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// What an install uses of the world around it.
struct InstallServices {
  const Environment& environment;
  CommandRunner& runner;
  LibraryCheck loads;  ///< whether a shared library can be loaded by this program

  /// Loads the described interpreter and calls the packages in it, in another process; throws when that
  /// fails. Its paths are those of the new environment, before `.venv` points at it.
  std::function<void(const Interpreter&)> verify;

  /// Tries the embeddings of an environment that has these features; throws when they do not work. The
  /// environment is the new one, as above. Not called without the feature `local-embeddings`.
  std::function<void(const Interpreter&, const Features&)> verify_embeddings = {};

  std::function<void(const InstallProgress&)> progress;  ///< told each step as it begins, and how far it is
  std::function<void(const std::string& text)> notice;   ///< told what the user should know: a wait
};

struct InstallResult {
  bool installed = false;  ///< false when the existing runtime was as asked for
  std::string damage;      ///< what was wrong with a runtime that had been installed; empty when nothing was
  Receipt receipt;
};

/// Makes the managed runtime satisfy the request.
///
/// Everything that can be checked is checked first; the new environment is built beside the old one,
/// verified by loading it, and takes its place by the writing of its receipt. Until then, and whenever
/// anything fails or is interrupted, the old runtime stays as it was. One install runs at a time under a
/// root; another waits and then finds its work done. A file of an existing runtime that is not as it was
/// installed counts as damage and leads to a new install.
///
/// Throws `asset`, `uv`, `interpreter`, `install`, `io`, `runtime_broken` (a newer ktx's runtime without
/// `force`), `interrupted`, and what `verify` throws.
InstallResult install(const Layout& layout, const InstallRequest& request, const InstallServices& services);

/// The directories of installed packages: those search paths that belong to the environment.
std::vector<std::filesystem::path> package_directories(const Interpreter& interpreter,
                                                       const std::filesystem::path& environment_dir);

}  // namespace ktx::runtime
