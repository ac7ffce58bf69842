#include "ktx/mcp/background.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "temporary_directory.hpp"

namespace ktx::mcp {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777U;
}

TEST(BackgroundToken, IsMadeOnceForItsOwnerAloneAndKeptOutOfGit) {
  const test::TemporaryDirectory project;
  const BackgroundFiles files = background_files(project.path());
  const std::string token = own_token(files);
  EXPECT_EQ(token.size(), 64U);
  EXPECT_EQ(own_token(files), token);
  EXPECT_EQ(mode_of(files.token), 0600U);
  EXPECT_EQ(mode_of(files.folder), 0700U);
  EXPECT_EQ(read_file(files.folder / ".gitignore"), "*\n");
  // Nothing is left of making it.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(files.folder), {}), 2);
}

TEST(BackgroundToken, ThatOthersCanReadOrThatIsNoneIsRefused) {
  const test::TemporaryDirectory project;
  const BackgroundFiles files = background_files(project.path());
  own_token(files);
  std::filesystem::permissions(files.token, std::filesystem::perms(0644));
  EXPECT_THROW(own_token(files), Error);
  write_file_atomically(files.token, "short\n", 0600);
  EXPECT_THROW(own_token(files), Error);
  EXPECT_NO_THROW(check_token("0123456789abcdef", "it"));
  EXPECT_THROW(check_token("0123456789 abcdef", "it"), Error);
  EXPECT_THROW(check_token("0123456789\nabcdef", "it"), Error);
}

TEST(BackgroundState, OfNobodyThatRunsIsNone) {
  const test::TemporaryDirectory project;
  const BackgroundFiles files = background_files(project.path());
  EXPECT_FALSE(running_server(files));
  EXPECT_FALSE(stop_in_background(files));
  make_background_folder(files);
  for (const char* const text :
       {"", "7", "{}", R"({"pid": 0})",
        R"({"pid": 1, "startTime": 1, "bootId": "b", "pidNamespace": "n", "url": "u", "version": "v",
            "startedAt": "s", "token": "t", "allowWrite": false})"}) {
    write_file_atomically(files.state, text, 0600);
    EXPECT_FALSE(running_server(files)) << text;
  }
  EXPECT_FALSE(stop_in_background(files));
  EXPECT_FALSE(path_exists(files.state));
}

}  // namespace
}  // namespace ktx::mcp
