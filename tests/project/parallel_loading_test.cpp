// Loading in threads, which must not show in what comes of it.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <new>
#include <stdexcept>
#include <thread>

#include "ktx/project/source_tree.hpp"
#include "ktx/util/in_parallel.hpp"
#include "ktx/util/interrupt.hpp"
#include "source_loading.hpp"
#include "temporary_directory.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

/// All that a tree says.
std::string described(const SourceTree& tree) {
  std::string text = tree.digest + "\n" + tree.sources_json() + "\n";
  for (const std::string& file : tree.files) text += file + "\n";
  for (const std::string& file : tree.unread) text += "unread " + file + "\n";
  for (const Finding& finding : tree.findings) text += finding.source + ": " + render(finding);
  for (const Source& source : tree.sources) {
    text += text_of(tree.place(source.name, Json::array({"columns", 0})).value_or(Place{})) + "\n";
  }
  return text;
}

/// Each golden project many times over, so that every finding is there, and many twice.
void write_many_files(const fs::path& project) {
  const fs::path layer = project / "semantic-layer/w";
  for (const auto& golden : fs::directory_iterator(KTX_GOLDEN_DIR)) {
    const fs::path from = golden.path() / "semantic-layer/warehouse";
    for (int copy = 0; copy < 12; ++copy) {
      const fs::path to = layer / (golden.path().filename().string() + std::to_string(copy));
      fs::create_directories(to);
      fs::copy(from, to, fs::copy_options::recursive);
      if (fs::exists(from / "_schema")) {
        fs::copy(from / "_schema", layer / "_schema" / to.filename(), fs::copy_options::recursive);
      }
      fs::create_symlink("nowhere", to / "unreadable.yaml");
    }
  }
}

TEST(ParallelLoading, GivesTheSameInAnyNumberOfThreads) {
  const test::TemporaryDirectory project;
  fs::create_directories(project / "semantic-layer/w/_schema");
  write_many_files(project.path());
  const auto load = [&](std::size_t workers) {
    return described(load_sources(project.path(), "w", nullptr, read_clock(), workers));
  };
  const std::string alone = load(1);
  EXPECT_NE(alone.find("duplicate-source"), std::string::npos);
  EXPECT_NE(alone.find("unreadable-file"), std::string::npos);
  EXPECT_NE(alone.find("yaml-syntax"), std::string::npos);
  for (const std::size_t workers : {2U, 3U, 8U, 64U}) EXPECT_EQ(load(workers), alone) << workers;
  EXPECT_EQ(described(load_source_tree(project.path(), "w")), alone);
}

TEST(ParallelLoading, ThrowsWhatTheFirstFailureThrew) {
  for (const std::size_t workers : {1U, 2U, 8U}) {
    const auto work = [](std::size_t i) {
      if (i == 300) throw std::bad_alloc();
      if (i > 300) throw std::runtime_error("later");
    };
    EXPECT_THROW(in_parallel(1000, workers, work), std::bad_alloc) << workers;
  }
}

TEST(ParallelLoading, CallsForEachNumberOnce) {
  for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 1000U}) {
    std::vector<int> calls(count);
    in_parallel(count, 4, [&](std::size_t i) { ++calls[i]; });
    EXPECT_EQ(calls, std::vector<int>(count, 1));
  }
}

TEST(ParallelLoading, StartsThreadsForManyFilesOnly) {
  EXPECT_EQ(workers_for(0), 1U);
  EXPECT_EQ(workers_for(63), 1U);
  EXPECT_GE(workers_for(1000), 1U);
  EXPECT_LE(workers_for(1'000'000), 8U);
}

/// Loads files of which one is a pipe; interrupts the process once a thread waits in it.
[[noreturn]] void interrupt_while_loading(const test::TemporaryDirectory& project) {
  const fs::path pipe = project / "semantic-layer/w/pipe.yaml";
  exit_on_interrupt();
  const std::jthread interrupter([&] {
    const int writer = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);  // waits for the reader
    ::kill(::getpid(), SIGINT);
    ::pause();
    ::close(writer);
  });
  load_sources(project.path(), "w", nullptr, read_clock(), 4);
  ::_exit(0);
}

TEST(ParallelLoadingDeathTest, EndsWhenInterrupted) {
  const test::TemporaryDirectory project;
  for (int i = 0; i < 100; ++i)
    project.write("semantic-layer/w/" + std::to_string(i) + ".yaml", "table: t\n");
  ASSERT_EQ(::mkfifo((project / "semantic-layer/w/pipe.yaml").c_str(), 0600), 0);
  EXPECT_EXIT(interrupt_while_loading(project), testing::ExitedWithCode(130), "");
}

}  // namespace
}  // namespace ktx::project
