#include <gtest/gtest.h>

#include "ktx/install/uv.hpp"

namespace ktx::runtime {
namespace {

class UvProgressTest : public testing::Test {
 protected:
  /// "package bytes done/total" after the line; "-" when the line changed nothing.
  std::string after(const std::string& line) {
    if (!progress_.take(line)) return "-";
    const InstallProgress& now = progress_.current();
    EXPECT_EQ(now.step, "Installing packages");
    return now.package + " " + std::to_string(now.bytes) + " " + std::to_string(now.done) + "/" +
           std::to_string(now.total);
  }

  UvProgress progress_{"Installing packages"};
};

TEST_F(UvProgressTest, FollowsAnInstall) {
  EXPECT_EQ(after("Using Python 3.13.0 environment at: .venv"), "-");
  EXPECT_EQ(after("Resolved 33 packages in 342ms"), " 0 0/33");
  EXPECT_EQ(after("Downloading pandas (11.5MiB)"), "pandas 12058624 0/33");
  EXPECT_EQ(after("Downloading uvloop (512.0KiB)"), "uvloop 524288 0/33");
  EXPECT_EQ(after("Downloading torch (1.5GiB)"), "torch 1610612736 0/33");
  EXPECT_EQ(after(" Downloaded torch"), "uvloop 524288 0/33");
  EXPECT_EQ(after(" Downloaded pandas"), "uvloop 524288 0/33") << "the one that is still under way";
  EXPECT_EQ(after(" Downloaded uvloop"), " 0 0/33");
  EXPECT_EQ(after("Prepared 33 packages in 1.75s"), "-");
  EXPECT_EQ(after("Installed 33 packages in 1.34s"), "-");
  EXPECT_EQ(after(" + annotated-doc==0.0.7"), "annotated-doc 0 1/33");
  EXPECT_EQ(after(" + kaelio-ktx==0.1.0 (from file:///a%20b/kaelio_ktx-0.1.0.whl)"), "kaelio-ktx 0 2/33");
}

TEST_F(UvProgressTest, FollowsTheFetchOfAPython) {
  EXPECT_EQ(after("Downloading cpython-3.13.9-linux-x86_64-gnu (download) (31.0MiB)"),
            "cpython-3.13.9-linux-x86_64-gnu 32505856 0/0");
  EXPECT_EQ(after(" Downloaded cpython-3.13.9-linux-x86_64-gnu (download)\r"), " 0 0/0");
}

TEST_F(UvProgressTest, WhatIsNotUnderstoodChangesNothing) {
  after("Downloading numpy (2.0B)");
  for (const char* line : {"",
                           " ",
                           "Downloading",
                           "Downloading ",
                           "Downloading x",
                           "Downloading x (",
                           "Downloading x ()",
                           "Downloading x (big)",
                           "Downloading x (1.0)",
                           "Downloading x (1.0 MiB)",
                           "Downloading x (-1.0MiB)",
                           "Downloading x (nanMiB)",
                           "Downloading x (1e300GiB)",
                           "Downloading \x1b[2Jx (1.0MiB)",
                           "Downloading  (1.0MiB)",
                           " Downloaded other",
                           "Downloaded numpy",
                           "Resolved many packages",
                           "Resolved 99999999999999999999999 packages",
                           "Resolved 5 things",
                           " + ",
                           " + \x1b[2J==1",
                           " - numpy==1",
                           "error: Resolved 3 packages"}) {
    EXPECT_EQ(after(line), "-") << line;
  }
  EXPECT_EQ(progress_.current().package, "numpy");
  EXPECT_EQ(progress_.current().bytes, 2U);
  EXPECT_EQ(progress_.current().total, 0U);
}

}  // namespace
}  // namespace ktx::runtime
