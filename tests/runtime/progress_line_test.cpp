#include <gtest/gtest.h>

#include "ktx/output/progress.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

const runtime::InstallProgress numpy{
    .step = "Installing packages", .package = "numpy", .bytes = 15728640, .done = 12, .total = 33};

TEST(ProgressLine, HasTheStepThePackageAndItsSize) {
  EXPECT_EQ(progress_line(numpy, 79), "Installing packages: numpy 15.0 MiB (12 of 33)");
  EXPECT_EQ(progress_line({.step = "Checking the installed files"}, 79), "Checking the installed files…");
  EXPECT_EQ(progress_line({.step = "s", .package = "p", .bytes = 512}, 79), "s: p 0.5 KiB");
  EXPECT_EQ(progress_line({.step = "s", .package = "p", .bytes = 3221225472}, 79), "s: p 3.0 GiB");
  EXPECT_EQ(progress_line({.step = "s", .package = "p", .total = 33}, 79), "s: p");
}

TEST(ProgressLine, InANarrowTerminalIsThePackage) {
  EXPECT_EQ(progress_line(numpy, 46), "Installing packages: numpy 15.0 MiB (12 of 33)");
  EXPECT_EQ(progress_line(numpy, 45), "numpy 15.0 MiB (12 of 33)");
  EXPECT_EQ(progress_line(numpy, 10), "numpy 15.…");
}

TEST(ProgressLine, NeverTakesMoreThanItMay) {
  for (std::size_t columns = 0; columns < 60; ++columns) {
    EXPECT_LE(display_width(progress_line(numpy, columns)), columns);
    EXPECT_LE(display_width(progress_line({.step = "漢字漢字 a\u0301b\u0301\x1b[2J\xff"}, columns)), columns);
  }
}

}  // namespace
}  // namespace ktx::cli
