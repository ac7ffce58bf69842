#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {

/// What the user asks of an install.
struct InstallRequest {
  Features features;                  ///< at least these
  bool exact = false;                 ///< only these: other installed features are removed
  bool force = false;                 ///< even when the runtime is ready
  bool thorough = false;              ///< also start the installed interpreter, and replace it when it fails
  bool offline = false;               ///< no network: uv's cache must hold everything
  std::optional<std::string> python;  ///< --python: a version, a command's name or a path

  /// Folders (absolute) or addresses with more wheels; the only ones when offline.
  std::vector<std::string> find_links = {};

  /// A folder or zip archive made by `make_bundle`, absolute: everything comes from there.
  std::optional<std::filesystem::path> bundle = std::nullopt;
  std::vector<std::string> python_minors = {};  ///< "3.12": the only versions to use; empty for all
};

struct InstallPlan {
  bool needed = true;
  Features features;  ///< what the runtime will have, or has when no install is needed
};

/// Decides from the state alone. Throws a `runtime_broken` error if a newer ktx wrote the runtime, unless
/// `force` is set.
InstallPlan plan_install(const Status& status, const InstallRequest& request, const Layout& layout);

/// What a command that needs Python may do about a runtime that does not satisfy it.
struct InstallPolicy {
  bool yes = false;        ///< --yes
  bool no_input = false;   ///< --no-input
  bool terminals = false;  ///< stdin and stderr are both terminals
  bool ci = false;         ///< the variable CI is set: nobody answers questions
};

enum class InstallAction { ready, install, ask, refuse };

struct InstallDecision {
  InstallAction action = InstallAction::ready;
  Features missing;                    ///< the features to install
  std::vector<std::string> questions;  ///< ask: one for each feature
};

/// Decides from the state alone.
InstallDecision decide_install(const Status& status, const Features& needed, const InstallPolicy& policy,
                               const Layout& layout);

/// The error of a command that may not install: what is wrong, and the command that repairs it.
Error refusal(const Status& status, const Features& needed);

}  // namespace ktx::runtime
