#pragma once

#include <string>
#include <vector>

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {

/// What a command that needs Python may do about a runtime that is not as it needs it.
struct InstallPolicy {
  bool yes = false;        ///< --yes
  bool no_input = false;   ///< --no-input
  bool terminals = false;  ///< stdin and stderr are both terminals
  bool ci = false;         ///< the variable CI is set: nobody answers questions
};

enum class InstallAction { ready, install, ask, refuse };

struct InstallDecision {
  InstallAction action = InstallAction::ready;
  Features missing;                    ///< what is to be installed; all that is needed unless ready
  std::vector<std::string> questions;  ///< ask: one per feature, each to be agreed to
};

/// Decides from the state alone.
InstallDecision decide_install(const Status& status, const Features& needed, const InstallPolicy& policy,
                               const Layout& layout);

/// The error of a command that may not install: what is the matter, and the command that mends it.
Error refusal(const Status& status, const Features& needed);

}  // namespace ktx::runtime
