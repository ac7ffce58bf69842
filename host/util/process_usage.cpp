#include "ktx/util/process_usage.hpp"

#include <ctime>
#include <sstream>
#include <string>
#include <string_view>

#include "ktx/util/filesystem.hpp"

namespace ktx {

std::optional<double> peak_memory_mib() {
  // Not getrusage: its maximum is that of the parent too, which was in this process before the program was.
  std::istringstream status(read_file_if_exists("/proc/self/status").value_or(""));
  constexpr std::string_view key = "VmHWM:";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stod(line.substr(key.size())) / 1024;
  }
  return std::nullopt;
}

std::chrono::nanoseconds processor_time() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace ktx
