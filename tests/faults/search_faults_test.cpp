#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "failures.hpp"
#include "fault_injection.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/search/search.hpp"
#include "temporary_directory.hpp"

namespace ktx::test {
namespace {

/// Every first search makes more calls than this; fewer mean that the tests see none.
constexpr std::size_t fewest_calls_of_a_search = 20;

/// A project of two sources, and a search that only one of them answers.
class SearchProject {
 public:
  SearchProject() {
    project_.directory = folder_.path();
    for (const char* name : {"orders", "visits"}) {
      folder_.write("semantic-layer/shop/" + std::string(name) + ".yaml",
                    "table: " + std::string(name) +
                        "\ngrain: [id]\ncolumns: [{ name: id, type: string, enum_values: { dbt: [x] } }]\n");
    }
  }

  /// `anew` drops what the index has first.
  search::Answer search(bool anew = false) const {
    std::vector<search::Document> documents;
    for (const auto& source : project::load_source_tree(folder_.path(), "shop").sources) {
      documents.push_back(search::make_document("shop", source));
    }
    search::Request request{.query = "orders"};
    request.reindex = anew;
    return search::search(project_, environment_, documents, request, {"embedding_unconfigured", "", {}});
  }

 private:
  TemporaryDirectory folder_;
  project::Project project_;
  Environment environment_;
};

void expect_the_answer(const search::Answer& answer) {
  ASSERT_EQ(answer.hits.size(), 1U);
  EXPECT_EQ(answer.hits[0].document, 0U);
  EXPECT_EQ(answer.hits[0].matches.size(), 2U);  // by its text, in both ways
}

class SearchFaultsTest : public testing::TestWithParam<Failure> {
 protected:
  /// Lets each call of a search fail in turn. The search answers nevertheless, and so does the next one,
  /// which has nothing to complain about.
  static void fail_each_call(bool indexed_before) {
    std::size_t call = 0;
    for (std::string failed = "none yet"; !failed.empty();) {
      const SearchProject project;
      if (indexed_before) project.search();
      search::Answer answer;
      {
        const FaultInjection injection({++call, GetParam().error, GetParam().is_lasting});
        answer = project.search(indexed_before);
        failed = injection.failed();
      }
      SCOPED_TRACE("call " + std::to_string(call) + ": " + failed);
      expect_the_answer(answer);
      EXPECT_LE(answer.notes.size(), 1U);
      const search::Answer next = project.search();
      expect_the_answer(next);
      EXPECT_TRUE(next.notes.empty());
    }
    EXPECT_GT(call, fewest_calls_of_a_search);
  }
};

TEST_P(SearchFaultsTest, AFirstSearchAnswers) { fail_each_call(false); }

TEST_P(SearchFaultsTest, ASearchThatMakesTheIndexAnewAnswers) { fail_each_call(true); }

INSTANTIATE_TEST_SUITE_P(Search, SearchFaultsTest, failures, failure_name);

TEST(Killed, ASearchLeavesAnIndexThatWorks) {
  for (const bool indexed_before : {false, true}) {
    std::size_t call = 0;
    for (bool killed = true; killed;) {
      const SearchProject project;
      if (indexed_before) project.search();
      ++call;
      const pid_t child = ::fork();
      if (child == 0) {
        const FaultInjection injection({.call = call, .error = Fault::killed});
        project.search(indexed_before);
        ::_exit(0);
      }
      int status = 0;
      ::waitpid(child, &status, 0);
      killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
      SCOPED_TRACE("before call " + std::to_string(call));
      EXPECT_TRUE(killed || status == 0) << status;
      const search::Answer answer = project.search();
      expect_the_answer(answer);
      EXPECT_TRUE(answer.notes.empty());
    }
    EXPECT_GT(call, fewest_calls_of_a_search);
  }
}

}  // namespace
}  // namespace ktx::test
