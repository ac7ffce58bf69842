#include "ktx/runtime/system_package.hpp"

namespace ktx::runtime {

std::string debian_command(const Environment& environment, std::string_view packages) {
  if (!find_program(environment, "apt-get")) return {};
  return "as root: `apt-get install " + std::string(packages) + "`";
}

std::string python_packages(const Environment& environment) {
  const std::string command = debian_command(environment, "python3-venv libpython3-dev");
  return command.empty() ? command : command + " (Debian 12, Ubuntu 24.04 or later)";
}

}  // namespace ktx::runtime
