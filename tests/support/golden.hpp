#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "ktx/util/filesystem.hpp"

namespace ktx::test {

/// Compares with the text of a golden file. KTX_UPDATE_GOLDEN=1 writes the file instead, for the author to
/// read before committing it.
inline void expect_golden(const std::filesystem::path& file, const std::string& actual) {
  if (std::getenv("KTX_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(read_file(file), actual) << file;
}

}  // namespace ktx::test
