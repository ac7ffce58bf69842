#include <gtest/gtest.h>

#include <string>

#include "ktx/app/version.hpp"
#include "runtime_fixture.hpp"
#include "sl_query_fixture.hpp"

namespace ktx::cli {
namespace {

using test::Outcome;

/// `ktx sl search` in the project of one source, with a stand-in for the embeddings.
class SlSearchTest : public test::SlQueryTest {
 protected:
  Outcome search(std::vector<std::string> arguments) {
    Context context;
    context.environment = environment_;
    if (context.environment.home.empty()) context.environment.home = folder_ / "home";
    context.environment.directory = folder_.path();
    if (terminal_) context.terminal = *terminal_;
    test::CommandLine line(std::move(context));
    line.planner.operation = "embedding-info";
    line.planner.reply = R"({"error":{"kind":"unsupported","message":"no model here","fix":"install it"}})";
    arguments.insert(arguments.begin(), {"sl", "search"});
    const Outcome outcome = line.run(std::move(arguments));
    planner_ = line.planner;
    return outcome;
  }
};

TEST_F(SlSearchTest, IsPlainWithoutATerminal) {
  const Outcome outcome = search({"paid", "orders"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "shop\torders\tcolumns=2\tmeasures=1\tjoins=0\tscore=0.069672\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(planner_.connections, 0);
}

TEST_F(SlSearchTest, IsPrettyForAPerson) {
  EXPECT_EQ(search({"paid orders", "--output", "pretty"}).out,
            "┌  Semantic-layer search\n"
            "│\n"
            "◇  shop/orders  score 0.0697\n"
            "│    2 cols · 1 measure · 0 joins\n"
            "│    dictionary #1: status = paid · lexical #1 · token #1: orders\n"
            "│\n"
            "└  1 source\n");
}

TEST_F(SlSearchTest, IsJson) {
  const Json document = Json::parse(search({"paid", "--json"}).out);
  EXPECT_EQ(document["kind"], "list");
  EXPECT_EQ(document["meta"], Json({{"command", "sl search"}}));
  const Json& item = document["data"]["items"][0];
  EXPECT_EQ(compact_json(item["dictionaryMatches"]), R"([{"column":"status","values":["paid"]}])");
  EXPECT_EQ(compact_json(item["matchReasons"]), R"(["dictionary"])");
  EXPECT_DOUBLE_EQ(item["score"].get<double>(), 2.0 / 61);
  EXPECT_EQ(compact_json(item["lanes"][0]),
            R"({"lane":"semantic","status":"skipped","reason":"embedding_unconfigured"})");
  EXPECT_EQ(compact_json(item["lanes"][2]), R"({"lane":"lexical","status":"available"})");
}

TEST_F(SlSearchTest, FindingNothingIsNoError) {
  const Outcome outcome = search({"xyzzy"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "No source matches; ktx sl list shows all 1\n");
  EXPECT_EQ(search({"xyzzy", "--output", "pretty"}).out,
            "┌  Semantic-layer search\n│\n└  No source matches; ktx sl list shows all 1\n");
  EXPECT_EQ(Json::parse(search({"xyzzy", "--json"}).out)["data"]["items"], Json::array());
}

TEST_F(SlSearchTest, WordsThatAreCommandsAreWords) {
  EXPECT_EQ(search({"list", "query", "orders"}).exit_code, 0);
  EXPECT_EQ(search({"--", "--orders"}).out.substr(0, 11), "shop\torders");
}

TEST_F(SlSearchTest, ABrokenFileIsReportedAndTheOthersAreSearched) {
  folder_.write("semantic-layer/shop/broken.yaml", "name: [\n");
  const Outcome outcome = search({"paid"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "shop\torders\tcolumns=2\tmeasures=1\tjoins=0\tscore=0.032787\n");
  EXPECT_NE(outcome.err.find("semantic-layer/shop/broken.yaml:"), std::string::npos);
}

TEST_F(SlSearchTest, RefusesWhatItCannotDo) {
  EXPECT_EQ(search({"x", "--limit", "0"}).exit_code, 2);
  EXPECT_EQ(search({"x", "--yes", "--no-input"}).exit_code, 2);
  EXPECT_EQ(search({"x", "--output", "xml"}).exit_code, 2);
  EXPECT_EQ(search({"x", "--connection-id", "nowhere"}).exit_code, 1);
}

TEST_F(SlSearchTest, AWordThatIsNearlyACommandIsTakenForOneWhereNothingIsFound) {
  EXPECT_NE(search({"qurey"}).err.find("did you mean the command `ktx sl query`?"), std::string::npos);
  EXPECT_EQ(search({"qurey", "cost"}).err.find("did you mean"), std::string::npos);
  EXPECT_EQ(search({"paid"}).err.find("did you mean"), std::string::npos);
}

TEST_F(SlSearchTest, UsesTheEmbeddingsThatKtxYamlAsksFor) {
  folder_.write("ktx.yaml", std::string(test::config) + "embeddings: { backend: sentence-transformers }\n");
  const Outcome outcome = search({"paid", "--yes"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "lane semantic skipped: embedding_unhealthy:no model here; fix: install it\n");
  EXPECT_EQ(planner_.request, R"({"backend":"sentence-transformers"})");
  EXPECT_TRUE(planner_.python.install.yes);
  folder_.write("ktx.yaml",
                std::string(test::config) + "ingest: { embeddings: { backend: sentence-transformers } }\n");
  search({"paid"});
  EXPECT_EQ(planner_.request, R"({"backend":"onnx"})");
  EXPECT_FALSE(planner_.python.install.no_input);  // it is asked for, so that the user may be asked
  folder_.write("ktx.yaml", std::string(test::config) + "embeddings: { backend: none }\n");
  search({"paid", "--yes"});
  EXPECT_EQ(planner_.connections, 0);
  folder_.write("ktx.yaml", std::string(test::config) + "embeddings: { backend: magic }\n");
  EXPECT_NE(search({"paid"}).err.find("cannot be \"magic\""), std::string::npos);
}

TEST_F(SlSearchTest, UsesTheEmbeddingsThatTheRuntimeHasWithoutAskingForMore) {
  ktx::test::RuntimeFixture installed(app::version);
  environment_ = installed.environment;
  runtime::Receipt receipt = installed.installed_receipt();
  installed.write_receipt(receipt);
  search({"paid"});
  EXPECT_EQ(planner_.connections, 0);
  receipt.features.push_back(runtime::Feature::local_embeddings);
  installed.write_receipt(receipt);
  search({"paid"});
  EXPECT_EQ(planner_.connections, 1);
  EXPECT_EQ(planner_.request, "{}");
  EXPECT_TRUE(planner_.python.install.no_input);
  search({"paid", "--yes"});
  EXPECT_FALSE(planner_.python.install.no_input);
}

TEST_F(SlSearchTest, SaysOnATerminalHowToSearchByMeaning) {
  terminal_ = test::terminal_as_stdout();
  const std::string hint = "To search by meaning too: ktx runtime install --feature local-embeddings --yes\n";
  EXPECT_EQ(search({"paid"}).err, hint);
  EXPECT_EQ(search({"paid", "--json"}).err, "");
  folder_.write("ktx.yaml", std::string(test::config) + "embeddings: { backend: none }\n");
  EXPECT_EQ(search({"paid"}).err, "");
}

}  // namespace
}  // namespace ktx::cli
