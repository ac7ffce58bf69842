#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/runtime/interpreter_probe.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

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

/// What was found on this machine: the newest fit Python, and why each other was not.
struct InterpreterSearch {
  std::optional<FitPython> best;
  std::vector<RejectedPython> rejected;
};

/// What the search needs to know and to use.
struct InterpreterSearchContext {
  const Environment& environment;
  const Layout& layout;
  CommandRunner& runner;
  const LibraryCheck& loads;
  std::vector<std::string> minors = {};  ///< the only minor versions to take ("3.12"); empty for all
};

/// Asks `requested` when it is a path or a command's name ("/opt/py/bin/python", "python3.12"), else every
/// discovered Python, of the version `requested` when that is one ("3.12", "3.12.1").
InterpreterSearch search_interpreters(const InterpreterSearchContext& context,
                                      const std::optional<std::string>& requested);

/// The error of a search without a result: what was found, and why each was rejected.
Error no_interpreter(const InterpreterSearch& search, const std::optional<std::string>& requested);

/// What the user asked for: `option` (--python), else KTX_PYTHON, else nothing.
std::optional<std::string> requested_interpreter(const Environment& environment,
                                                 const std::optional<std::string>& option);

}  // namespace ktx::runtime
