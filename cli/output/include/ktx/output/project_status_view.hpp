#pragma once

#include <string>

#include "ktx/app/project_status.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// How much detail `ktx status` shows.
struct StatusDetail {
  bool for_a_person = false;  ///< with the runtime, and the size of the model
  bool verbose = false;       ///< with a line for each connection and file of an agent, and what is missing
  bool agents = false;        ///< with the lines of agents, which were asked
  bool fast = false;          ///< the semantic layer was not read
};

std::string render_project_status(const app::ProjectStatus& status, const StatusDetail& detail);

Json project_status_json(const app::ProjectStatus& status, bool fast);

}  // namespace ktx::cli
