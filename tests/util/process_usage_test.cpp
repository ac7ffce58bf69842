#include <gtest/gtest.h>

#include <vector>

#include "ktx/util/filesystem.hpp"
#include "ktx/util/process.hpp"

namespace ktx {
namespace {

TEST(ProcessUsage, PeakMemoryGrowsWithWhatIsUsed) {
  if (read_file("/proc/self/status").find("VmHWM:") == std::string::npos) {
    GTEST_SKIP() << "this kernel does not tell";
  }
  const auto before = peak_memory_mib();
  ASSERT_TRUE(before);
  constexpr std::size_t mib = 1024 * 1024;
  const std::vector<char> used((static_cast<std::size_t>(*before) + 64) * mib, 'x');
  EXPECT_GT(peak_memory_mib().value(), *before + 32) << used.back();
}

TEST(ProcessUsage, ProcessorTimeGrowsWithWork) {
  const auto before = processor_time();
  EXPECT_GT(before.count(), 0);
  while (processor_time() == before) {
  }
  EXPECT_GT(processor_time(), before);
}

}  // namespace
}  // namespace ktx
