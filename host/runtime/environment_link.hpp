#pragma once

#include <filesystem>
#include <string>

#include "ktx/runtime/layout.hpp"

namespace ktx::runtime {

/// Points `.venv` at another built environment, in one rename, and back again unless the change is kept.
class EnvironmentLink {
 public:
  /// A real directory in the link's place (not made by this ktx) becomes a built environment that nothing
  /// refers to. Throws an `io` error.
  EnvironmentLink(const Layout& layout, const std::string& environment);
  EnvironmentLink(const EnvironmentLink&) = delete;
  EnvironmentLink& operator=(const EnvironmentLink&) = delete;
  ~EnvironmentLink();

  void keep() { kept_ = true; }

 private:
  void restore() const;

  const Layout& layout_;
  std::filesystem::path former_target_;     ///< empty when there was no link
  std::filesystem::path former_directory_;  ///< where a real directory was moved; empty when there was none
  bool kept_ = false;
};

/// The name of the environment that `.venv` points at; empty when it is no link.
std::string linked_environment(const Layout& layout);

}  // namespace ktx::runtime
