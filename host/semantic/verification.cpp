#include "ktx/semantic/verification.hpp"

#include <utility>

#include "ktx/util/error.hpp"

namespace ktx::semantic {
namespace {

VerifyVerdict::Outcome decode_outcome(const JsonObject& verdict) {
  const std::string name = verdict.string("outcome");
  if (name == "equal") return VerifyVerdict::Outcome::equal;
  if (name == "different") return VerifyVerdict::Outcome::different;
  if (name == "unchecked") return VerifyVerdict::Outcome::unchecked;
  throw verdict.wrong("outcome", "\"" + name + "\" is not known");
}

// A member that is an array of cells or null.
Json cells_or_null(const JsonObject& object, std::string_view key) {
  if (object.has(key) && object.value().at(std::string(key)).is_null()) return nullptr;
  return object.array(key);
}

VerifyDifference decode_difference(const JsonObject& difference) {
  return {difference.non_empty_string("what"), difference.array("dimensions"),
          cells_or_null(difference, "by_sql"), cells_or_null(difference, "by_rows")};
}

VerifyVerdict decode_verify_verdict(const JsonObject& object) {
  VerifyVerdict verdict;
  verdict.outcome = decode_outcome(object);
  if (verdict.outcome == VerifyVerdict::Outcome::unchecked)
    verdict.reason = object.non_empty_string("reason");
  verdict.sql = object.non_empty_string("sql");
  verdict.columns = object.strings("columns");
  for (std::size_t i = 0; i < object.array("sources").size(); ++i) {
    const JsonObject source = object.element("sources", i);
    verdict.sources.push_back(
        {source.non_empty_string("source"), source.count("rows"), source.boolean("sampled")});
  }
  verdict.groups = object.count("groups");
  verdict.difference_count = object.count("difference_count");
  for (std::size_t i = 0; i < object.array("differences").size(); ++i) {
    verdict.differences.push_back(decode_difference(object.element("differences", i)));
  }
  verdict.notes = object.strings("notes");
  for (std::size_t i = 0; i < object.array("behind").size(); ++i) {
    const JsonObject rows = object.element("behind", i);
    verdict.behind.push_back({rows.non_empty_string("source"), rows.non_empty_string("what"),
                              rows.strings("columns"), rows.array("rows"), rows.count("row_count")});
  }
  verdict.model = object.array("model");
  return verdict;
}

VerifyStatement decode_statement(const JsonObject& statement) {
  VerifyStatement decoded{statement.non_empty_string("name"), statement.non_empty_string("sql"), {}};
  if (!statement.value().at("max_rows").is_null()) decoded.max_rows = statement.integer("max_rows");
  return decoded;
}

}  // namespace

ModelQuestion question_of(const VerifyRequest& request) {
  ModelQuestion question = question_of(request.query);
  question.operation = verify_operation;
  question.members.append(R"(,"rows":)").append(std::to_string(request.rows));
  question.members.append(R"(,"seconds":)").append(std::to_string(request.seconds));
  question.members.append(R"(,"results":)").append(compact_json(request.results));
  return question;
}

VerifyStep decode_verify_reply(std::string_view reply, const Locator& locate) {
  const Json document = parse_reply(reply);
  const JsonObject answer = answer_of(document, locate);
  VerifyStep step;
  step.timezone = answer.non_empty_string("timezone");
  for (std::size_t i = 0; i < answer.array("statements").size(); ++i) {
    step.statements.push_back(decode_statement(answer.element("statements", i)));
  }
  if (answer.has("verdict") && !answer.value().at("verdict").is_null()) {
    step.verdict = decode_verify_verdict(answer.object("verdict"));
  }
  // Neither of the two would ask for the same step without an end.
  if (step.statements.empty() == !step.verdict) {
    throw answer.wrong("verdict", "must be there if there are no statements, and only then");
  }
  return step;
}

}  // namespace ktx::semantic
