#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// A Python that downloads and unpacks for ktx. It need not be loadable by ktx: version 3.8 is enough, and no
/// shared library is needed.
struct HelperPython {
  std::filesystem::path executable;
  std::vector<int> pip_version;     ///< empty when it has no pip at all
  std::filesystem::path pip_wheel;  ///< the pip that `ensurepip` would install; empty when one is installed

  /// The command up to pip's own arguments.
  std::vector<std::string> pip() const;
};

/// What the Python at `executable` can do; std::nullopt if it does not answer or is too old.
std::optional<HelperPython> ask_helper_python(CommandRunner& runner, const Environment& environment,
                                              const std::filesystem::path& executable);

/// The one with the newest pip among all Pythons of this machine, including `requested` if that is a path.
std::optional<HelperPython> find_helper_python(CommandRunner& runner, const Environment& environment,
                                               const Layout& layout,
                                               const std::optional<std::string>& requested);

/// Packs and unpacks zip archives with the `zipfile` module of a Python, which every install has at hand.
struct Archiver {
  CommandRunner& runner;
  const Environment& environment;
  const HelperPython& python;

  /// Packs everything below `folder` into a new archive, uncompressed (wheels are compressed already). Throws
  /// an `io` error.
  void pack(const std::filesystem::path& folder, const std::filesystem::path& archive) const;

  /// Unpacks into a new `folder`. Throws an `install` error if it is not a zip archive, is damaged, or
  /// contains a link or a name that leads out of the folder (absolute, or with "..").
  void unpack(const std::filesystem::path& archive, const std::filesystem::path& folder) const;

 private:
  CommandResult run(const char* script, const std::filesystem::path& from,
                    const std::filesystem::path& to) const;
};

/// A download of wheels by pip: exactly those of a hashed list, for the Python that runs pip.
struct PipDownload {
  const HelperPython& python;
  std::filesystem::path requirements;
  std::filesystem::path destination;    ///< a folder
  bool no_index = false;                ///< only from `find_links`
  std::vector<std::string> find_links;  ///< folders or addresses
  std::chrono::minutes time_limit{10};
};

/// Why the download failed, in one line; std::nullopt if it succeeded. Index, proxies and certificates are
/// those that the user has configured for pip, or for uv.
std::optional<std::string> pip_download(CommandRunner& runner, const Environment& environment,
                                        const PipDownload& download);

}  // namespace ktx::runtime
