#include <gtest/gtest.h>
#include <sys/stat.h>

#include "at_once.hpp"
#include "expect_error.hpp"
#include "ktx/project/config.hpp"
#include "ktx/project/config_edit.hpp"
#include "ktx/util/filesystem.hpp"
#include "temporary_directory.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;
using test::TemporaryDirectory;

std::string with_connection(const std::string& text, const std::string& id) {
  return set_config_value(text, "ktx.yaml", {"connections", id, "driver"}, "sqlite");
}

TEST(ConfigFile, KeepsModeAndSymbolicLink) {
  const TemporaryDirectory folder;
  const fs::path real = folder.write("elsewhere/config.yaml", "project: p\n");
  fs::permissions(real, fs::perms(0664));
  fs::create_directory(folder / "shop");
  fs::create_symlink(real, folder / "shop/ktx.yaml");
  edit_config_file(folder / "shop", [](const std::string& text) { return with_connection(text, "a"); });
  EXPECT_TRUE(fs::is_symlink(folder / "shop/ktx.yaml"));
  EXPECT_EQ(read_file(real), "project: p\nconnections:\n  a:\n    driver: sqlite\n");
  EXPECT_EQ(fs::status(real).permissions(), fs::perms(0664));
  EXPECT_NE(read_file(folder / "shop/.ktx/.gitignore").find("*.lock"), std::string::npos);
}

TEST(ConfigFile, KeepsTheFileWhenTheResultIsNoProject) {
  const TemporaryDirectory folder;
  const fs::path file = folder.write("ktx.yaml", "project: p\n");
  const Error error = test::error_of([&] {
    edit_config_file(folder.path(), [](const std::string&) { return std::string("connections: {}\n"); });
  });
  EXPECT_EQ(error.kind(), ErrorKind::project);
  EXPECT_EQ(read_file(file), "project: p\n");
}

TEST(ConfigFile, WritesNothingWhenNothingChanges) {
  const TemporaryDirectory folder;
  const fs::path file = folder.write("ktx.yaml", "project: p\n");
  struct stat before {};
  ASSERT_EQ(::stat(file.c_str(), &before), 0);
  edit_config_file(folder.path(), [](const std::string& text) { return text; });
  struct stat after {};
  ASSERT_EQ(::stat(file.c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST(ConfigFile, SaysThatThereIsNoProject) {
  const TemporaryDirectory folder;
  const Error error =
      test::error_of([&] { edit_config_file(folder.path(), [](const std::string& text) { return text; }); });
  EXPECT_EQ(error.kind(), ErrorKind::project);
  EXPECT_FALSE(fs::exists(folder / ".ktx"));
}

TEST(ConfigFile, LosesNoneOfManyEditsAtOnce) {
  const TemporaryDirectory folder;
  folder.write("ktx.yaml", "project: p\n");
  const int edited = test::at_once(8, [&](int i) {
    edit_config_file(folder.path(),
                     [i](const std::string& text) { return with_connection(text, "c" + std::to_string(i)); });
    return true;
  });
  EXPECT_EQ(edited, 8);
  EXPECT_EQ(parse_config(read_file(folder / "ktx.yaml"), "ktx.yaml").connections.size(), 8U);
}

}  // namespace
}  // namespace ktx::project
