#include "ktx/project/findings.hpp"

#include <gtest/gtest.h>

namespace ktx::project {
namespace {

TEST(Suggestion, IsTheClosestNameWithinTwoEdits) {
  EXPECT_EQ(closest("colums", {"columns", "column"}), "columns");
  EXPECT_EQ(closest("tabel", {"table", "label"}), "table");  // neighbours swapped: one edit
  EXPECT_EQ(closest("Hidden", {"public", "hidden"}), "hidden");
  EXPECT_EQ(closest("many_to_many", {"many_to_one"}), "");
  EXPECT_EQ(closest("id", {"on", "to"}), "");
  EXPECT_EQ(closest("x", {}), "");
}

}  // namespace
}  // namespace ktx::project
