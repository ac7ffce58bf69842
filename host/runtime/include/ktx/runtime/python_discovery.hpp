#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/runtime/interpreter.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// An executable that may be a Python, judged by its name and place alone.
struct PythonCandidate {
  std::filesystem::path executable;
  std::string source;  ///< "uv", "pyenv", "PATH", "conda", "system": for messages

  bool operator==(const PythonCandidate&) const = default;
};

/// Every Python in the usual places of this machine, each file once, links followed. Shims that choose a
/// Python by the working directory are left out. Starts no process. `file_system_root` is put before the
/// fixed system paths.
std::vector<PythonCandidate> discover_pythons(const Environment& environment, const Layout& layout,
                                              const std::filesystem::path& file_system_root = "/");

/// The folder that ktx has uv install interpreters into.
std::filesystem::path own_python_dir(const Layout& layout);

/// A Python that ktx can load.
struct FitPython {
  PythonFacts facts;
  std::filesystem::path libpython;
};

struct RejectedPython {
  std::filesystem::path executable;
  std::string version;  ///< empty when it did not say
  std::string reason;
};

/// The newest fit Python of this machine, and why each other was rejected.
struct InterpreterSearch {
  std::optional<FitPython> best;
  std::vector<RejectedPython> rejected;
};

/// What a search needs.
struct InterpreterSearchContext {
  const Environment& environment;
  const Layout& layout;
  CommandRunner& runner;
  const LibraryCheck& loads;
  std::vector<std::string> minors = {};  ///< the only minor versions to take ("3.12"); empty for all
};

/// Asks `requested` if it is a path or a command's name ("/opt/py/bin/python", "python3.12", on PATH any),
/// else every discovered Python, of the version `requested` if that is one ("3.12", "3.12.1").
InterpreterSearch search_interpreters(const InterpreterSearchContext& context,
                                      const std::optional<std::string>& requested);

/// The error of a search without a result: every Python that was found, and why it was rejected.
/// Without a request, the fix names what this machine installs one with: the system's package of a shared
/// library, or uv and the newest version that `layout` has a plugin for.
Error no_interpreter(const Environment& environment, const Layout& layout, const InterpreterSearch& search,
                     const std::optional<std::string>& requested);

/// What the user asked for: `option` (--python), else KTX_PYTHON, else std::nullopt.
std::optional<std::string> requested_interpreter(const Environment& environment,
                                                 const std::optional<std::string>& option);

}  // namespace ktx::runtime
