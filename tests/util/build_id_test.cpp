#include <gtest/gtest.h>

#include "ktx/util/filesystem.hpp"
#include "ktx/util/process.hpp"

namespace ktx {
namespace {

std::string bytes_of(const std::string& hexadecimal) {
  std::string bytes;
  for (std::size_t i = 0; i < hexadecimal.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hexadecimal.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

TEST(BuildId, IsTheOneInTheProgramsFile) {
  const std::string id = build_id();
  ASSERT_GE(id.size(), 16U);
  const std::string note = std::string("\x03\0\0\0GNU\0", 8) + bytes_of(id);
  EXPECT_NE(read_file("/proc/self/exe").find(note), std::string::npos);
}

}  // namespace
}  // namespace ktx
