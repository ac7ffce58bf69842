#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "project_status.hpp"
#include "setup/agent_targets.hpp"

namespace ktx::cli {
namespace {

bool tells_of_ktx(const std::filesystem::path& file) {
  try {
    const auto text = read_file_if_exists(file);
    return text && has_agent_part(*text);
  } catch (const Error&) {
    return false;  // what cannot be read tells no agent anything
  }
}

}  // namespace

std::vector<AgentStatus> agents_told(const std::filesystem::path& project_directory,
                                     const std::filesystem::path& home) {
  std::vector<AgentStatus> agents;
  const auto look = [&](std::string_view target, const char* scope, const std::filesystem::path& folder,
                        std::string_view file) {
    if (folder.empty() || file.empty() || !tells_of_ktx(folder / file)) return;
    agents.push_back({std::string(target), scope, (folder / file).string()});
  };
  for (const AgentTarget& target : agent_targets()) {
    look(target.name, "project", project_directory, target.project_file);
    look(target.name, "global", home, target.global_file);
  }
  return agents;
}

}  // namespace ktx::cli
