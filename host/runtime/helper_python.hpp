#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// A Python that downloads and unpacks for ktx. It need not be one that ktx could load: 3.8 is enough, and
/// whether it has a shared library does not matter.
struct HelperPython {
  std::filesystem::path executable;
  std::vector<int> pip_version;     ///< empty when it has no pip at all
  std::filesystem::path pip_wheel;  ///< the pip that `ensurepip` would install; empty when one is installed

  /// The command up to pip's own arguments.
  std::vector<std::string> pip() const;
};

/// What the Python at `executable` can do; nothing when it does not answer or is too old.
std::optional<HelperPython> ask_helper_python(CommandRunner& runner, const Environment& environment,
                                              const std::filesystem::path& executable);

/// The one with the newest pip among all Pythons of this machine, `requested` (a path, or anything else that
/// is then left aside) among them.
std::optional<HelperPython> find_helper_python(CommandRunner& runner, const Environment& environment,
                                               const Layout& layout,
                                               const std::optional<std::string>& requested);

}  // namespace ktx::runtime
