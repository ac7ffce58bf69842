#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "app.hpp"
#include "context.hpp"
#include "first_word.hpp"

namespace ktx::cli {
namespace {

using Words = std::vector<std::string>;

Words written(Words arguments) {
  Context context;
  const auto app = make_app(context);
  return written_out(*app, std::move(arguments));
}

TEST(SlShorthand, BareSlIsAList) {
  EXPECT_EQ(written({"sl"}), (Words{"sl", "list"}));
  EXPECT_EQ(written({"sl", "--json"}), (Words{"sl", "list", "--json"}));
  EXPECT_EQ(written({"--project-dir", "sl", "sl", "--connection-id", "list"}),
            (Words{"--project-dir", "sl", "sl", "list", "--connection-id", "list"}));
  EXPECT_EQ(written({"--project-dir=x", "--debug", "sl"}),
            (Words{"--project-dir=x", "--debug", "sl", "list"}));
  EXPECT_EQ(written({"sl", "--help"}), (Words{"sl", "--help"}));
}

TEST(SlShorthand, OtherWordsAreASearch) {
  EXPECT_EQ(written({"sl", "paid", "list"}), (Words{"sl", "search", "paid", "list"}));
  EXPECT_EQ(written({"sl", "--limit", "3", "paid"}), (Words{"sl", "search", "--limit", "3", "paid"}));
  EXPECT_EQ(written({"sl", "--", "query"}), (Words{"sl", "search", "--", "query"}));
  EXPECT_EQ(written({"sl", "real", "--json"}), (Words{"sl", "search", "real", "--json"}));  // nearly "read"
}

TEST(SlShorthand, CommandsStayAsTheyAre) {
  for (const Words& arguments : {Words{}, Words{"--version"}, Words{"runtime", "status"},
                                 Words{"sl", "list", "x"}, Words{"sl", "query", "--measure", "paid"},
                                 Words{"sl", "--connection-id", "shop", "search", "paid"}}) {
    EXPECT_EQ(written(arguments), arguments);
  }
}

TEST(SlShorthand, ASlipInACommandIsNoSearch) {
  try {
    written({"sl", "qurey", "--measure", "orders.n"});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.message(), "ktx sl has no command \"qurey\"; did you mean \"query\"?");
  }
}

}  // namespace
}  // namespace ktx::cli
