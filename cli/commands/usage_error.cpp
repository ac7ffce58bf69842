#include "commands/usage_error.hpp"

#include "ktx/project/config.hpp"

namespace ktx::cli {

void check_connection_id(const std::string& id) {
  if (!project::is_connection_id(id)) throw usage_error("Unsafe connection id: " + id);
}

}  // namespace ktx::cli
