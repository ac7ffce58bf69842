#include "ktx/project/config.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ktx::project {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_config(text, "ktx.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::project);
    EXPECT_FALSE(error.fix().empty());
    return error.message();
  }
  return "no error";
}

TEST(Config, ReadsConnectionsInTheOrderOfTheFile) {
  const Config config = parse_config(
      "project: '  shop '\n"
      "connections:\n"
      "  warehouse: { driver: postgres, url: env:SHOP_URL, readonly: true, schemas: [public] }\n"
      "  local: { driver: sqlite, path: data/shop.db }\n"
      "something_of_another_version: { x: 1 }\n",
      "ktx.yaml");
  EXPECT_EQ(config.project, "shop");
  ASSERT_EQ(config.connections.size(), 2U);
  EXPECT_EQ(config.connections[0].id, "warehouse");
  EXPECT_EQ(config.connections[0].url, "env:SHOP_URL");
  EXPECT_TRUE(config.connections[0].readonly);
  EXPECT_NE(config.connections[0].settings.find("schemas"), nullptr);
  EXPECT_EQ(config.find_connection("local")->path, "data/shop.db");
  EXPECT_FALSE(config.find_connection("local")->readonly);
  EXPECT_EQ(config.find_connection("other"), nullptr);
  EXPECT_TRUE(config.findings.empty());
}

Json calendar_in(const std::string& text) {
  return parse_config("project: a\n" + text, "ktx.yaml").connections.at(0).calendar;
}

TEST(Config, ReadsTheCalendarOfAConnectionOverThatOfTheProject) {
  const std::string own = "connections: {shop: {driver: duckdb, calendar: {week_start: saturday}}}\n";
  EXPECT_EQ(calendar_in("connections: {shop: {driver: duckdb}}\n"), nullptr);
  EXPECT_EQ(calendar_in("calendar:\nconnections: {shop: {}}\n"), nullptr);
  EXPECT_EQ(calendar_in(own), (Json{{"week_start", "saturday"}}));
  EXPECT_EQ(calendar_in("calendar: {week_start: sunday, fiscal_year_start: april}\n" + own),
            (Json{{"week_start", "saturday"}, {"fiscal_year_start", "april"}}));
  EXPECT_EQ(
      calendar_in("calendar: {fiscal_year_start: april}\nconnections: {shop: {calendar: {week_start: }}}\n"),
      (Json{{"fiscal_year_start", "april"}}));
}

TEST(Config, ReadsWhereThePeriodsAre) {
  const Json days = {{"source", "calendar"}, {"column", "day"}};
  const std::string stated = "time_spine: {source: calendar, column: day}\n";
  EXPECT_EQ(calendar_in(stated + "connections: {shop: {}}\n"), (Json{{"time_spine", days}}));
  EXPECT_EQ(calendar_in(stated + "connections: {shop: {time_spine: {source: dates, column: d}}}\n"),
            (Json{{"time_spine", {{"source", "dates"}, {"column", "d"}}}}));
  EXPECT_EQ(calendar_in("time_spine: {source: calendar, column: day, custom_granularities: [{name: Season, "
                        "column: s}]}\nconnections: {shop: {}}\n"),
            (Json{{"time_spine",
                   {{"source", "calendar"},
                    {"column", "day"},
                    {"custom_granularities", Json::array({{{"name", "Season"}, {"column", "s"}}})}}}}));
  const std::string custom = "project: a\ntime_spine: {source: c, column: d, custom_granularities: ";
  EXPECT_EQ(error_of(custom + "[{name: a}]}\n"),
            "ktx.yaml:2:59: a custom granularity needs the key \"column\"");
  EXPECT_EQ(error_of(custom + "[{name: Month, column: m}]}\n"),
            "ktx.yaml:2:66: There is a granularity 'Month' already");
  EXPECT_EQ(error_of(custom + "[{name: a, column: m}, {name: A, column: m}]}\n"),
            "ktx.yaml:2:88: There is a granularity 'A' already");
  EXPECT_EQ(error_of("project: a\ntime_spine: {source: calendar}\n"),
            "ktx.yaml:2:13: a time_spine needs the key \"column\"");
}

TEST(Config, RefusesACalendarThatIsNone) {
  EXPECT_EQ(error_of("project: a\ncalendar: {week_start: sundy}\n"),
            "ktx.yaml:2:24: calendar.week_start cannot be \"sundy\"; did you mean \"sunday\"?");
  EXPECT_EQ(error_of("project: a\ncalendar: {fiscal_year_start: 4}\n"),
            "ktx.yaml:2:31: calendar.fiscal_year_start must be text, not a number");
  EXPECT_EQ(error_of("project: a\ncalendar: sunday\n"),
            "ktx.yaml:2:11: calendar must be a mapping, not text");
  EXPECT_EQ(error_of("project: a\nconnections:\n  shop:\n    calendar: {week_begin: sunday}\n"),
            "ktx.yaml:4:16: unknown key \"week_begin\" in a calendar");
}

TEST(Config, HasDefaults) {
  const Config config = parse_config("project: a\nconnections:\nstorage: {}\n", "ktx.yaml");
  EXPECT_TRUE(config.connections.empty());
  EXPECT_TRUE(config.storage.git_auto_commit);
  EXPECT_EQ(config.storage.git_author, "ktx <ktx@example.com>");
  EXPECT_FALSE(
      parse_config("project: a\nstorage: {git: {auto_commit: false}}\n", "k").storage.git_auto_commit);
}

TEST(Config, ReadsTheEmbeddingBackend) {
  const auto backend = [](std::string_view text) {
    return parse_config(text, "ktx.yaml").embeddings.backend;
  };
  EXPECT_EQ(backend("project: a\n"), std::nullopt);
  EXPECT_EQ(backend("project: a\nembeddings:\n"), std::nullopt);
  EXPECT_EQ(backend("project: a\nembeddings: {backend: }\n"), std::nullopt);
  EXPECT_EQ(backend("project: a\nembeddings: {backend: onnx}\n"), "onnx");
  EXPECT_EQ(backend("project: a\nembeddings: {backend: none}\n"), "none");
  EXPECT_EQ(backend("project: a\nembeddings: {backend: sentence-transformers}\n"), "sentence-transformers");
  EXPECT_EQ(error_of("project: a\nembeddings: {backend: onyx}\n"),
            "ktx.yaml:2:23: embeddings.backend cannot be \"onyx\"; did you mean \"onnx\"?");
}

TEST(Config, ReadsTheEmbeddingBackendOfAnOlderProject) {
  const auto backend = [](const std::string& rest) {
    return parse_config("project: a\n" + rest, "ktx.yaml").embeddings.backend;
  };
  EXPECT_EQ(backend("ingest: {embeddings: {backend: sentence-transformers}}\n"), "onnx");
  EXPECT_EQ(backend("ingest: {embeddings: {backend: deterministic}}\n"), std::nullopt);
  EXPECT_EQ(backend("embeddings: {backend: none}\ningest: {embeddings: {backend: sentence-transformers}}\n"),
            "none");
}

TEST(Config, AValueOfTheWrongTypeIsIgnoredAndSaidSo) {
  const Config config =
      parse_config("project: a\nconnections:\n  w:\n    readonly: \"true\"\n    url: 5\n", "ktx.yaml");
  EXPECT_FALSE(config.connections.at(0).readonly);
  ASSERT_EQ(config.findings.size(), 2U);
  EXPECT_EQ(
      render(config.findings[0]),
      "ktx.yaml:5:10: warning: connections.w.url must be text, not a number; it is ignored [wrong-type]\n"
      "  fix: Write connections.w.url as text\n");
  EXPECT_EQ(config.findings[1].line, 4U);
}

TEST(Config, NeedsAProject) {
  EXPECT_EQ(error_of("connections: {}\n"), "ktx.yaml:1:1: ktx.yaml field \"project\" is required");
  EXPECT_EQ(error_of("a: 1\nproject: '  '\n"), "ktx.yaml:2:10: ktx.yaml field \"project\" is required");
  EXPECT_EQ(error_of("project: 2024\n"),
            "ktx.yaml:1:10: ktx.yaml field \"project\" must be text, not a number");
  EXPECT_EQ(error_of("project: [a]\n"), "ktx.yaml:1:10: ktx.yaml field \"project\" must be text, not a list");
  EXPECT_EQ(error_of("project:\n"), "ktx.yaml:1:9: ktx.yaml field \"project\" is required");
  EXPECT_EQ(error_of("- project\n"), "ktx.yaml:1:1: ktx.yaml must hold a mapping");
  EXPECT_EQ(error_of(""), "ktx.yaml:1:1: ktx.yaml must hold a mapping");
  EXPECT_EQ(error_of("project: 'a\n"), "ktx.yaml:1:10: the quoted text that begins here is never closed");
}

TEST(Config, RefusesWhatIsNoLongerUnderstood) {
  EXPECT_EQ(error_of("project: a\nllm:\n  provider:\n    provider: anthropic\n"),
            "ktx.yaml:4:5: Unsupported llm.provider.provider: use llm.provider.backend");
  EXPECT_EQ(error_of("project: a\ningest: {embeddings: {provider: x}}\n"),
            "ktx.yaml:2:23: Unsupported ingest.embeddings.provider: use ingest.embeddings.backend");
  EXPECT_EQ(error_of("project: a\ningest: {llm: x}\n"), "ktx.yaml:2:10: Unsupported ingest.llm: use llm");
  EXPECT_EQ(error_of("project: a\nscan: {enrichment: {backend: llm}}\n"),
            "ktx.yaml:2:21: Unsupported scan.enrichment.backend: use scan.enrichment.mode");
  EXPECT_EQ(error_of("project: a\nscan: {enrichment: {mode: full}}\n"),
            "ktx.yaml:2:27: scan.enrichment.mode cannot be \"full\"");
  EXPECT_EQ(error_of("project: a\nllm: {provider: {backend: antropic}}\n"),
            "ktx.yaml:2:27: llm.provider.backend cannot be \"antropic\"; did you mean \"anthropic\"?");
  EXPECT_EQ(error_of("project: a\nscan: {enrichment: {mode: }}\n"), "no error");
}

TEST(Config, AConnectionIdCanNameAFolder) {
  for (const char* good : {"a", "9", "snow-flake_2", "A"}) EXPECT_TRUE(is_connection_id(good)) << good;
  for (const char* bad : {"", "..", "a/b", "-a", "_a", "a b", "a.b", "\u00e4"}) {
    EXPECT_FALSE(is_connection_id(bad)) << bad;
  }
}

std::string choice_error(const Config& config) {
  try {
    return "chose " + choose_connection(config, {});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::connection);
    EXPECT_EQ(error.message(),
              "--connection-id is required when the local project has zero or multiple connections.");
    return error.fix();
  }
}

TEST(Config, TheOnlyConnectionNeedNotBeNamed) {
  Config config;
  EXPECT_EQ(choice_error(config), "Declare a connection in ktx.yaml");
  config.connections.push_back({"warehouse", {}, {}, {}, false, {}});
  EXPECT_EQ(choice_error(config), "chose warehouse");
  EXPECT_EQ(choose_connection(config, "other"), "other");
  config.connections.push_back({"local", {}, {}, {}, false, {}});
  EXPECT_EQ(choice_error(config), "Name one with --connection-id: warehouse, local");
  const Error unknown = unknown_connection(config, "warehose");
  EXPECT_EQ(unknown.message(),
            "There is no connection \"warehose\" in ktx.yaml; did you mean \"warehouse\"?");
  EXPECT_EQ(unknown.fix(), "Use one of: warehouse, local");
}

}  // namespace
}  // namespace ktx::project
