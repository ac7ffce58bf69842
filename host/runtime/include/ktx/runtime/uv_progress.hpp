#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "ktx/runtime/install_progress.hpp"

namespace ktx::runtime {

/// Reads how far a uv is from the lines that it prints when it has no terminal.
class UvProgress {
 public:
  explicit UvProgress(std::string step) : current_{.step = std::move(step)} {}

  /// Whether the line told something new. One that is not understood changes nothing.
  bool take(std::string_view line);

  const InstallProgress& current() const { return current_; }

 private:
  bool take_resolved(std::string_view line);
  bool take_downloading(std::string_view line);
  bool take_downloaded(std::string_view line);
  bool take_installed(std::string_view line);
  void show_download();

  struct Download {
    std::string package;
    std::uint64_t bytes = 0;
  };

  InstallProgress current_;
  std::vector<Download> downloads_;  ///< those under way, in the order in which they began
};

}  // namespace ktx::runtime
