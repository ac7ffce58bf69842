#include <gtest/gtest.h>

#include "ktx/app/query_run.hpp"

namespace ktx::app {
namespace {

/// The fix of an error with these words of a database, for a question with two filters and two measures.
std::string fix_for(const std::string& words) {
  semantic::Query query;
  query.filters = {"soundex(o.name) = 'x'", "o.size > '10 m'"};
  semantic::CompiledQuery compiled;
  compiled.plan = Json::parse(R"json({"measures": [
      {"name": "n", "expr": "count(*)", "filter": "o.kind = 'b'"},
      {"name": "area", "expr": "sum(hypot(o.size, o.width))", "filter": null}]})json");
  return with_suspect(Error(ErrorKind::database, words, "Correct it."), query, compiled).fix();
}

TEST(SuspectExpression, IsTheOneThatHasWhatTheDatabaseNames) {
  const std::string soundex = "Look at the filter `soundex(o.name) = 'x'`. Correct it.";
  EXPECT_EQ(fix_for("SQLite refused the query on a.db: no such function: SOUNDEX"), soundex);
  EXPECT_EQ(fix_for("function soundex(text) does not exist"), soundex);
  EXPECT_EQ(fix_for("Catalog Error: Scalar Function with name \"soundex\" does not exist!"), soundex);
  EXPECT_EQ(fix_for("invalid input syntax for type integer: \"x\""), soundex);
  EXPECT_EQ(fix_for("FUNCTION d.hypot does not exist; hypot(a, b)"), "Look at the measure area. Correct it.");
  EXPECT_EQ(fix_for("column \"kind\" does not exist"), "Look at the measure n. Correct it.");
}

TEST(SuspectExpression, IsNotNamedInDoubt) {
  EXPECT_EQ(fix_for("column \"size\" does not exist"), "Correct it.");   // in two of them
  EXPECT_EQ(fix_for("column \"depth\" does not exist"), "Correct it.");  // in none
  EXPECT_EQ(fix_for("division by zero"), "Correct it.");
  EXPECT_EQ(fix_for("near \"(\": syntax error"), "Correct it.");
  EXPECT_EQ(with_suspect(Error(ErrorKind::database, "no such function: a", "b"), {}, {}).fix(), "b");
}

}  // namespace
}  // namespace ktx::app
