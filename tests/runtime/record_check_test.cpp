#include <gtest/gtest.h>
#include <sys/stat.h>

#include "expect_error.hpp"
#include "ktx/install/record.hpp"
#include "ktx/util/digest.hpp"
#include "temporary_directory.hpp"

namespace ktx::runtime {
namespace {

class RecordCheckTest : public testing::Test {
 protected:
  RecordCheckTest() {
    add("pkg/__init__.py", "x = 1\n");
    add("../../bin/tool", "#!/bin/sh\n");
    add("pkg/a, \"b\".txt", "odd name\n");
    record_ += "pkg-1.dist-info/RECORD,,\r\n";
    write_record();
  }

  void add(const std::string& name, const std::string& bytes) {
    test::write_file((site_ / name).lexically_normal(), bytes);
    std::string quoted = name;
    if (name.find(',') != std::string::npos) quoted = "\"pkg/a, \"\"b\"\".txt\"";
    record_ += quoted + ",sha256=" + base64url(sha256(bytes)) + "," + std::to_string(bytes.size()) + "\r\n";
  }

  void write_record() { test::write_file(site_ / "pkg-1.dist-info/RECORD", record_); }

  std::vector<std::string> faults() {
    std::vector<std::string> texts;
    for (const RecordFault& fault : check_records({site_}).faults) texts.push_back(fault.describe());
    return texts;
  }

  test::TemporaryDirectory directory_;
  std::filesystem::path site_ = directory_ / "lib/site-packages";
  std::string record_;
};

TEST_F(RecordCheckTest, AcceptsWhatWasInstalled) {
  const RecordCheck check = check_records({site_});
  EXPECT_TRUE(check.faults.empty()) << check.faults.front().describe();
  EXPECT_EQ(check.files, 3U);
}

TEST_F(RecordCheckTest, NamesChangedAndMissingFiles) {
  test::write_file(site_ / "pkg/__init__.py", "x = 2\n");
  std::filesystem::remove(directory_ / "bin/tool");
  EXPECT_EQ(faults(), (std::vector<std::string>{"changed " + (site_ / "pkg/__init__.py").string(),
                                                "missing " + (directory_ / "bin/tool").string()}));
}

TEST_F(RecordCheckTest, WhatIsNoFileIsNotWaitedFor) {
  std::filesystem::remove(site_ / "pkg/__init__.py");
  ASSERT_EQ(::mkfifo((site_ / "pkg/__init__.py").c_str(), 0600), 0);
  EXPECT_EQ(faults(), std::vector<std::string>{"changed " + (site_ / "pkg/__init__.py").string()});
}

TEST_F(RecordCheckTest, ReadsQuotedNames) {
  test::write_file(site_ / "pkg/a, \"b\".txt", "changed\n");
  EXPECT_EQ(faults(), std::vector<std::string>{"changed " + (site_ / "pkg/a, \"b\".txt").string()});
}

TEST_F(RecordCheckTest, TheirDigestTellsARemovedPackage) {
  const std::string before = check_records({site_}).records_sha256;
  test::write_file(site_ / "other-1.dist-info/RECORD", "");
  EXPECT_NE(check_records({site_}).records_sha256, before);
  std::filesystem::remove_all(site_ / "other-1.dist-info");
  EXPECT_EQ(check_records({site_}).records_sha256, before);
  std::filesystem::remove(site_ / "pkg-1.dist-info/RECORD");
  EXPECT_EQ(faults(), std::vector<std::string>{"missing " + (site_ / "pkg-1.dist-info/RECORD").string()});
}

TEST_F(RecordCheckTest, RefusesADigestItDoesNotKnow) {
  record_ += "pkg/__init__.py,md5=abc,6\r\n";
  write_record();
  EXPECT_EQ(test::error_of([&] { check_records({site_}); }).kind(), ErrorKind::install);
}

}  // namespace
}  // namespace ktx::runtime
