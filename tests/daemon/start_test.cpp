#include "ktx/daemon/start.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "daemon_fixture.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::daemon {
namespace {

/// A start of a shell script in the place of ktx.
class Start : public ::testing::Test {
 protected:
  StartRequest request(const std::string& script) const {
    return {.needs = {"0.1.0", "r", {runtime::Feature::core}},
            .command =
                [script](const Needs&) {
                  return std::vector<std::string>{"/bin/sh", "-c", script};
                },
            .environment = {{"PATH", "/usr/bin:/bin"}}};
  }

  Error failure(const std::string& script) const {
    try {
      start_host(layout_, request(script));
    } catch (const Error& error) {
      return error;
    }
    return {ErrorKind::internal, "started"};
  }

  test::DaemonFixture fixture_;
  const runtime::Layout& layout_ = fixture_.layout;
};

TEST_F(Start, SaysTheLastWordsOfAHostThatEnds) {
  const Error error = failure("echo first; echo 'Killed by the administrator' >&2; exit 3");
  EXPECT_EQ(error.kind(), ErrorKind::daemon);
  EXPECT_EQ(error.message(), "The KTX Python daemon did not start: it ended before it was ready");
  EXPECT_EQ(error.details(), (std::vector<std::string>{"first", "Killed by the administrator"}));
  EXPECT_EQ(error.fix(), "See " + layout_.daemon_output_path.string() + ", or run without it: --no-daemon");
}

TEST_F(Start, SaysWhatTheHostTells) {
  const Error error = failure(R"(echo '{"message":"no port","fix":"free one","details":[]}' >&3)");
  EXPECT_EQ(error.message(), "The KTX Python daemon did not start: no port");
  EXPECT_EQ(error.fix(), "free one");
}

TEST_F(Start, SaysWhatTheHostTellsOnce) {
  const Error error = failure(
      R"(echo loading; echo 'no port'; echo 'Fix: free one'; echo '{"message":"no port","fix":"free one","details":[]}' >&3)");
  EXPECT_EQ(error.message(), "The KTX Python daemon did not start: no port");
  EXPECT_EQ(error.details(), (std::vector<std::string>{"loading"}));
}

TEST_F(Start, BelievesNoHostThatWroteNoState) {
  EXPECT_EQ(failure("exit 0").message(), "The KTX Python daemon did not start: it ended before it was ready");
}

TEST_F(Start, GivesTheHostNothingToReadAndASessionOfItsOwn) {
  const Error error =
      failure("cat; read -r pid _ _ _ _ sid _ < /proc/$$/stat; test $pid = $sid && echo own session; exit 1");
  EXPECT_EQ(error.details(), (std::vector<std::string>{"own session"}));
}

TEST_F(Start, KeepsWhatEarlierHostsPrinted) {
  for (int i = 0; i < 8; ++i) failure("echo host " + std::to_string(i));
  EXPECT_EQ(read_file(layout_.daemon_output_path), "host 7\n");
  EXPECT_EQ(read_file(layout_.daemon_output_path.string() + ".5"), "host 2\n");
  EXPECT_FALSE(path_exists(layout_.daemon_output_path.string() + ".6"));
}

TEST_F(Start, CannotStartWhatIsNotThere) {
  StartRequest missing = request("");
  missing.command = [](const Needs&) { return std::vector<std::string>{"/nonexistent/ktx"}; };
  EXPECT_THROW(start_host(layout_, missing), Error);
}

TEST_F(Start, TakesThePlaceOfAStateThatNamesNobody) {
  State stale = test::DaemonFixture::state();
  ++stale.process.start_time;
  fixture_.write(stale);
  failure("exit 1");
  EXPECT_FALSE(path_exists(layout_.daemon_state_path));
}

TEST_F(Start, LeavesThePlaceToAHostThatRuns) {
  fixture_.write(test::DaemonFixture::state());
  try {
    take_place(layout_, {"0.1.0", "r", {runtime::Feature::core}}, false, {});
    FAIL() << "took the place";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::busy);
    EXPECT_EQ(error.message(), "A KTX Python daemon runs already: process " +
                                   std::to_string(own_identity().pid) + " at http://127.0.0.1:58731");
  }
  EXPECT_TRUE(path_exists(layout_.daemon_state_path));
}

}  // namespace
}  // namespace ktx::daemon
