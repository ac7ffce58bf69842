#include "ktx/output/waiting_line.hpp"

#include <gtest/gtest.h>

#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

TEST(WaitingLine, SaysHowLongAndHowToEndIt) {
  EXPECT_EQ(waiting_text(std::chrono::seconds(75), 80), "Running for 75 s. Ctrl-C ends the statement.");
  EXPECT_EQ(waiting_text(std::chrono::seconds(75), 43), "Running for 75 s");
  EXPECT_EQ(waiting_text(std::chrono::seconds(3), 80, "joins.two_hops, 3 of 200"),
            "joins.two_hops, 3 of 200: 3 s. Ctrl-C ends it and shows what was found.");
  EXPECT_EQ(waiting_text(std::chrono::seconds(3), 40, "joins.two_hops, 3 of 200"),
            "joins.two_hops, 3 of 200: 3 s");
  for (std::size_t columns = 0; columns < 60; ++columns) {
    EXPECT_LE(display_width(waiting_text(std::chrono::seconds(1), columns)), columns);
  }
}

}  // namespace
}  // namespace ktx::cli
