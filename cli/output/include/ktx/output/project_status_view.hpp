#pragma once

#include <string>

#include "ktx/app/project_status.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// How much `ktx status` says.
struct StatusDetail {
  bool for_a_person = false;  ///< the runtime, and how large the model is
  bool verbose = false;  ///< each connection and each agent's file in a line of its own, with what is missing
  bool fast = false;     ///< the semantic layer was not read
};

std::string render_project_status(const app::ProjectStatus& status, const StatusDetail& detail);

Json project_status_json(const app::ProjectStatus& status, bool fast);

}  // namespace ktx::cli
