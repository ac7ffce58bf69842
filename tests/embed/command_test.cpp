// The hidden commands that install and doctor run as children.
#include <gtest/gtest.h>

#include "embedding.hpp"
#include "ktx/plugin/plugin.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::test {
namespace {

Child ktx(const std::vector<std::string>& arguments, const std::string& input = "") {
  Child child;
  child.arguments = {KTX_TEST_KTX};
  for (const std::string& argument : arguments) child.arguments.push_back(argument);
  child.input = input;
  return child;
}

ChildResult health(const Json& description) {
  return run(ktx({"__interpreter-health", "--plugin-dir", KTX_TEST_PLUGIN_DIR}, compact_json(description)));
}

TEST(InterpreterHealthCommand, DescribesWhatRuns) {
  const ChildResult result = health(description());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const Json report = Json::parse(result.out);
  const Json expected = description();
  for (const char* key : {"version", "prefix", "executable"}) EXPECT_EQ(report.at(key), expected.at(key));
  EXPECT_EQ(report.at("libpython"), expected.at("libpython").at("path"));
  EXPECT_EQ(report.at("plugin"), plugin::plugin_path(KTX_TEST_PLUGIN_DIR, expected.at("tag")).string());
  for (const char* key : {"startMs", "importMs", "peakMemoryMiB"}) EXPECT_GT(report.at(key).get<double>(), 0);
  EXPECT_EQ(report.at("openssl").get<std::string>().rfind("OpenSSL ", 0), 0U) << report;
}

/// The environment of these tests holds the fixture and no package: each lack has its own fault.
TEST(InterpreterHealthCommand, NamesEveryFault) {
  const Json report = Json::parse(health(description()).out);
  EXPECT_EQ(report.at("packages"), Json::parse(R"({"kaelio-ktx": null, "sqlglot": null, "pydantic": null})"));
  EXPECT_EQ(report.at("sql"), nullptr);
  ASSERT_EQ(report.at("faults").size(), 4U) << report;
  EXPECT_EQ(report.at("faults").at(3), "The probe query does not compile: semantic-query");
}

TEST(InterpreterHealthCommand, FailsWhenTheInterpreterDoesNotStart) {
  Json changed = description();
  changed["libpython"]["size"] = 1;
  const ChildResult result = health(changed);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "The runtime's Python library has changed since it was installed: " +
                            changed["libpython"]["path"].get<std::string>() +
                            "\nFix: Run: ktx runtime repair\n");
}

TEST(InterpreterHealthCommand, RefusesAnIncompleteDescription) {
  Json incomplete = description();
  incomplete.erase("prefix");
  const ChildResult result = health(incomplete);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "the interpreter's description: prefix is missing\n");
}

TEST(LoadLibpythonCommand, IsSilentWhenTheLibraryLoads) {
  const ChildResult result = run(ktx({"__load-libpython", described_interpreter().libpython.path}));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST(LoadLibpythonCommand, GivesTheLoadersReason) {
  const TemporaryDirectory directory;
  const std::string empty = directory.path() / "libpython3.13.so";
  write_file(empty, "");
  const ChildResult result = run(ktx({"__load-libpython", empty}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, empty + ": file too short\n");
  EXPECT_EQ(run(ktx({"__load-libpython", KTX_TEST_FOREIGN_ABI_PLUGIN})).err,
            KTX_TEST_FOREIGN_ABI_PLUGIN ": it is not a Python library\n");
}

/// The loader itself may be killed by a library that ends early; that must not pass for one that loads.
TEST(LoadLibpythonCommand, DoesNotPassATruncatedLibrary) {
  const TemporaryDirectory directory;
  const auto copy = directory.path() / "libpython.so";
  std::filesystem::copy_file(described_interpreter().libpython.path, copy);
  std::filesystem::resize_file(copy, std::filesystem::file_size(copy) / 8);
  EXPECT_NE(run(ktx({"__load-libpython", copy})).exit_code, 0);
}

TEST(HiddenCommands, AreNotInTheHelp) {
  const ChildResult result = run(ktx({"--help"}));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out.find("__"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace ktx::test
