#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "command_line.hpp"
#include "ktx/app/version.hpp"
#include "ktx/cache/store.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/spans.hpp"
#include "temporary_directory.hpp"

namespace ktx::cli {
namespace {

namespace fs = std::filesystem;
using ktx::test::TemporaryDirectory;
using test::CommandLine;
using test::Outcome;

constexpr const char* shop_config =
    "project: shop\nconnections:\n  shop: { driver: sqlite, path: shop.db }\n";
constexpr const char* overlay_without_base = "name: nobody\nmeasures:\n  - { name: n, expr: count(*) }\n";

std::string source_text(const std::string& name, const std::string& column) {
  return "name: " + name + "\ntable: " + name +
         "\ngrain: [id]\ncolumns:\n  - { name: id, type: number }\n  - { name: " + column +
         ", type: string }\nmeasures:\n  - { name: n, expr: count(*) }\n";
}

/// A reply that differs whenever the question or its model does, by whatever way the model is told.
std::string reply_to(const std::string& text) {
  Json request = Json::parse(text);
  if (const auto sources = request.find("sources"); sources != request.end()) {
    const std::string digest = semantic::Model(compact_json(*sources)).digest();
    request.erase("sources");
    request["model"] = digest;
  }
  std::string said;
  for (const char* member : {"model", "query", "dialect", "timezone", "explain"}) {
    if (request.contains(member)) said += compact_json(request[member]) + "\n";
  }
  return R"({"ok":{"sql":"SELECT ')" + hex(sha256(said)) +
         R"('","dialect":"sqlite","columns":[{"name":"orders.n"}],"plan":{"limit":1000},"warnings":[],"timezone":"UTC","checks":[]}})";
}

constexpr const char* reply_with_a_place =
    R"({"ok":{"sql":"SELECT 1","dialect":"sqlite","columns":[],"plan":{},"warnings":[
      {"code":"c","severity":"warning","message":"look","location":{"source":"orders","path":["measures",0]}}],
      "timezone":"UTC","checks":[]}})";

/// Whether `command` reads the model's files to ask about them.
bool loads_sources(const std::function<void()>& command) {
  begin_record();
  command();
  return std::ranges::any_of(recorded_spans(),
                             [](const Span& span) { return std::string(span.name) == "load sources"; });
}

/// Commands of a user with a cache, in a project of one connection, with a planner that answers by `answer_`.
class PlanCacheTest : public testing::Test {
 protected:
  PlanCacheTest() {
    folder_.write("project/ktx.yaml", shop_config);
    write_source("orders", "status");
    folder_.write("package/assets/python/manifest.json", R"({"wheel":"one"})");
    folder_.write("runtimes/" + std::string(app::version) + "/manifest.json", "a receipt");
    environment_.variables["KTX_RUNTIME_ROOT"] = folder_ / "runtimes";
    environment_.home = folder_ / "home";
    environment_.executable = folder_ / "package" / "bin" / "ktx";
    environment_.directory = folder_ / "project";
  }

  void write_source(const std::string& name, const std::string& column) {
    folder_.write("project/semantic-layer/shop/" + name + ".yaml", source_text(name, column));
  }

  Outcome run(std::vector<std::string> arguments) {
    Context context;
    context.environment = environment_;
    CommandLine line(std::move(context));
    line.planner.operation = arguments.at(1) == "validate" ? "semantic-validate" : "semantic-query";
    line.planner.answer = answer_;
    line.planner.keeps_models = keeps_models_;
    const Outcome outcome = line.run(std::move(arguments));
    asked_ = line.planner.requests;
    return outcome;
  }

  Outcome query(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"sl", "query", "--measure", "orders.n", "--format", "sql"});
    return run(std::move(more));
  }

  /// Whether a command asked the planner.
  bool asks(const std::vector<std::string>& more = {}) {
    const Outcome outcome = query(more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return !asked_.empty();
  }

  fs::path only_entry(const std::string& kind) const {
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "home/.cache/ktx" / kind)) {
      if (entry.is_regular_file()) return entry.path();
    }
    return {};
  }

  TemporaryDirectory folder_;
  Environment environment_;
  std::function<std::string(const std::string&)> answer_ = reply_to;
  bool keeps_models_ = false;
  std::vector<std::string> asked_;
};

TEST_F(PlanCacheTest, TheSameQuestionAgainAsksNobody) {
  const Outcome first = query();
  EXPECT_EQ(asked_.size(), 1U);
  const Outcome second = query();
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(first.out, second.out);
  EXPECT_EQ(second.err, "");
}

TEST_F(PlanCacheTest, AnyOtherQuestionIsAsked) {
  query();
  EXPECT_TRUE(asks({"--dimension", "orders.status"}));
  EXPECT_TRUE(asks({"--filter", "orders.status = 'paid'"}));
  EXPECT_TRUE(asks({"--limit", "5"}));
  EXPECT_TRUE(asks({"--no-include-empty"}));
  EXPECT_FALSE(asks({"--dimension", "orders.status"}));
  EXPECT_FALSE(asks());
}

TEST_F(PlanCacheTest, AnyOtherModelIsAsked) {
  query();
  write_source("orders", "state");
  EXPECT_TRUE(asks());
  write_source("customers", "name");
  EXPECT_TRUE(asks());
  fs::rename(folder_ / "project/semantic-layer/shop/customers.yaml",
             folder_ / "project/semantic-layer/shop/clients.yaml");
  EXPECT_TRUE(asks());
  fs::remove(folder_ / "project/semantic-layer/shop/clients.yaml");
  EXPECT_FALSE(asks()) << "this is the second model again";
}

TEST_F(PlanCacheTest, AnyOtherDialectOrPlannerIsAsked) {
  query();
  folder_.write("project/ktx.yaml", "project: shop\nconnections:\n  shop: { driver: duckdb }\n");
  EXPECT_TRUE(asks());
  folder_.write("package/assets/python/manifest.json", R"({"wheel":"two"})");
  EXPECT_TRUE(asks());
  folder_.write("runtimes/" + std::string(app::version) + "/manifest.json", "another receipt");
  EXPECT_TRUE(asks());
  EXPECT_FALSE(asks());
}

TEST_F(PlanCacheTest, IsNotUsedWhenToldSo) {
  EXPECT_TRUE(asks({"--no-cache"}));
  EXPECT_FALSE(fs::exists(folder_ / "home/.cache"));
  EXPECT_TRUE(asks());
  EXPECT_TRUE(asks({"--no-cache"}));
  environment_.variables["KTX_NO_CACHE"] = "1";
  EXPECT_TRUE(asks());
  environment_.variables["KTX_NO_CACHE"] = "";
  EXPECT_FALSE(asks());
}

TEST_F(PlanCacheTest, IsNotUsedWithoutAPlace) {
  environment_.home.clear();
  EXPECT_TRUE(asks());
  EXPECT_TRUE(asks());
}

TEST_F(PlanCacheTest, IsNotUsedWithoutAPackageOrARuntime) {
  query();
  const fs::path receipt = folder_.path() / "runtimes" / app::version / "manifest.json";
  for (const fs::path& file : {folder_ / "package/assets/python/manifest.json", receipt}) {
    const std::string bytes = read_file(file);
    fs::remove(file);
    EXPECT_TRUE(asks()) << file;
    ktx::test::write_file(file, bytes);
    EXPECT_FALSE(asks()) << file;
  }
}

TEST_F(PlanCacheTest, AnErrorIsNotKept) {
  answer_ = [](const std::string&) {
    return R"({"error":{"kind":"query","message":"no such measure","fix":"","suggestions":[]}})";
  };
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(query().exit_code, 1);
    EXPECT_EQ(asked_.size(), 1U);
  }
}

TEST_F(PlanCacheTest, ADamagedEntryIsAskedAgainAndMended) {
  query();
  const fs::path entry = only_entry("answers");
  std::string bytes = read_file(entry);
  bytes[bytes.find("SELECT")] = 'X';
  folder_.write(fs::relative(entry, folder_.path()).string(), bytes);
  EXPECT_TRUE(asks());
  EXPECT_FALSE(asks());
}

TEST_F(PlanCacheTest, WhatTheFilesGetWrongIsSaidEachTime) {
  folder_.write("project/semantic-layer/shop/nobody.yaml", overlay_without_base);
  const Outcome first = query();
  EXPECT_NE(first.err.find("overlay-without-base"), std::string::npos);
  const Outcome second = query();
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(first.out, second.out);
  EXPECT_EQ(first.err, second.err);
}

TEST_F(PlanCacheTest, APlaceInAWarningIsFoundAgain) {
  answer_ = [](const std::string&) { return reply_with_a_place; };
  const Outcome first = query();
  EXPECT_NE(first.err.find("semantic-layer/shop/orders.yaml:8:5: warning: look [c]"), std::string::npos)
      << first.err;
  EXPECT_EQ(query().err, first.err);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(PlanCacheTest, AnExplanationIsAnotherQuestion) {
  answer_ = [](const std::string& request) {
    std::string reply = reply_to(request);
    const bool explain = request.find(R"("explain":true)") != std::string::npos;
    const auto end = reply.size() - 2;
    return explain ? reply.insert(end, R"(,"explanation":{"text":"why","children":[]})") : reply;
  };
  query();
  const auto explain = [&] { return run({"sl", "query", "--measure", "orders.n", "--explain"}); };
  EXPECT_EQ(explain().out, "why\n");
  EXPECT_EQ(asked_.size(), 1U);
  EXPECT_EQ(explain().out, "why\n");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(PlanCacheTest, AKnownModelIsNamedAndNotRead) {
  keeps_models_ = true;
  query();
  EXPECT_EQ(Json::parse(asked_.at(0)).count("model"), 1U);
  EXPECT_TRUE(loads_sources([&] { query({"--limit", "6", "--no-cache"}); }));
  EXPECT_FALSE(loads_sources([&] { query({"--limit", "7"}); }));
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(Json::parse(asked_.at(0)).count("model"), 1U);
}

TEST_F(PlanCacheTest, TheTextOfALargeModelIsKept) {
  for (int i = 0; i < 20; ++i) {
    const std::string name = "wide" + std::to_string(i);
    write_source(name, "status, descriptions: { user: " + std::string(10000, 'x') + " }");
  }
  query();
  const Json sources = Json::parse(asked_.at(0)).at("sources");
  EXPECT_FALSE(loads_sources([&] { query({"--limit", "7"}); }));
  EXPECT_EQ(Json::parse(asked_.at(0)).at("sources"), sources);
  ktx::test::write_file(only_entry("texts"), "damaged");
  EXPECT_TRUE(loads_sources([&] { query({"--limit", "8"}); }));
  EXPECT_EQ(Json::parse(asked_.at(0)).at("sources"), sources);
}

TEST_F(PlanCacheTest, AModelThatItsHostForgotIsTold) {
  keeps_models_ = true;
  query();
  std::vector<std::string> told;
  answer_ = [&](const std::string& request) {
    told.push_back(request);
    return request.starts_with(R"({"sources")") ? reply_to(request)
                                                : R"({"error":{"kind":"unknown_model","message":"m"}})";
  };
  Context context;
  context.environment = environment_;
  CommandLine line(std::move(context));
  line.planner.answer = answer_;
  line.planner.operation.clear();
  line.planner.keeps_models = true;
  EXPECT_EQ(line.run({"sl", "query", "--measure", "orders.n", "--limit", "7"}).exit_code, 0);
  EXPECT_EQ(told.size(), 4U);
}

TEST_F(PlanCacheTest, WhatWasEditedWhileItWasAnsweredIsNotKept) {
  keeps_models_ = true;
  query();  // from now on the model is known by name, and its files are read only for the place in the
            // warning
  answer_ = [&](const std::string&) {
    write_source("orders", "edited");
    return reply_with_a_place;
  };
  EXPECT_EQ(query({"--limit", "7"}).exit_code, 0);
  EXPECT_TRUE(asks({"--limit", "7"}));
}

TEST_F(PlanCacheTest, AValidationIsKeptToo) {
  answer_ = [](const std::string&) {
    return R"({"ok":{"findings":[{"code":"f","severity":"warning","message":"look","fix":null,
      "suggestions":[],"concerned":[],"location":{"source":"orders","path":["grain",0]}}]}})";
  };
  const Outcome first = run({"sl", "validate"});
  EXPECT_EQ(asked_.size(), 1U);
  EXPECT_NE(first.out.find("orders.yaml:3:9"), std::string::npos) << first.out;
  EXPECT_EQ(run({"sl", "validate"}).out, first.out);
  EXPECT_TRUE(asked_.empty());
  write_source("orders", "state");
  run({"sl", "validate"});
  EXPECT_EQ(asked_.size(), 1U);
}

/// A user who edits files and asks questions: with the cache each answer is the one without it.
class EditingUser : public PlanCacheTest {
 protected:
  unsigned pick(unsigned below) { return std::uniform_int_distribution<unsigned>(0, below - 1)(random_); }

  std::string some_file() {
    return "project/semantic-layer/shop/" + std::string(1, static_cast<char>('a' + pick(3))) + ".yaml";
  }

  void edit() {
    const std::string file = some_file();
    switch (pick(4)) {
      case 0: fs::remove(folder_.path() / file); return;
      case 1: {
        const std::string other = some_file();
        if (fs::exists(folder_.path() / file)) fs::rename(folder_.path() / file, folder_.path() / other);
        return;
      }
      default: break;
    }
    // Some names and columns only, so that sizes stay the same and states come back.
    const std::string name(1, static_cast<char>('a' + pick(3)));
    folder_.write(file, source_text(name, std::string(1, static_cast<char>('x' + pick(3)))));
  }

  std::mt19937 random_{20261121};
};

TEST_F(EditingUser, HearsWithTheCacheWhatTheyWouldHearWithoutIt) {
  int kept = 0;
  for (int round = 0; round < 1500; ++round) {
    if (pick(3) == 0) edit();
    keeps_models_ = pick(2) == 0;
    std::vector<std::string> more = {"--limit", std::to_string(1 + pick(3))};
    const Outcome with = query(more);
    kept += asked_.empty() && with.exit_code == 0 ? 1 : 0;
    more.emplace_back("--no-cache");
    keeps_models_ = false;
    const Outcome without = query(more);
    ASSERT_EQ(with.exit_code, without.exit_code) << "round " << round << "\n" << with.err << without.err;
    ASSERT_EQ(with.err, without.err) << "round " << round;
    ASSERT_EQ(with.out, without.out) << "round " << round;
  }
  EXPECT_GT(kept, 300) << "the cache was hardly used";
}

}  // namespace
}  // namespace ktx::cli
