#pragma once

#include <string>
#include <vector>

#include "ktx/project/config.hpp"
#include "ktx/project/project.hpp"

namespace ktx::cli {

/// A step of setup and how far it is.
struct SetupStep {
  std::string id;  ///< as in `setup.completed_steps`
  std::string title;
  bool done = false;
  std::string detail;  ///< what is set up, or what is to be done
};

/// Every step, in the order in which they are taken.
std::vector<SetupStep> setup_progress(const project::Project& project);

/// One line a step.
std::string render_setup_progress(const std::vector<SetupStep>& steps);

}  // namespace ktx::cli
