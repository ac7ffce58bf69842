#include "ktx/semantic/conformance.hpp"

#include <array>
#include <utility>

#include "ktx/semantic/messages.hpp"
#include "ktx/util/error.hpp"

namespace ktx::semantic {
namespace {

constexpr std::array<std::string_view, 28> features = {
    "joins",  "routes", "fan_out",    "chasm",          "filters",   "segments",    "include_empty",
    "counts", "nulls",  "limits",     "division",       "averages",  "percentiles", "derived",
    "texts",  "like",   "long_texts", "reserved_words", "odd_names", "long_names",  "decimals",
    "dates",  "times",  "grains",     "hours_of_dates", "zones",     "storage",     "refusals"};

constexpr std::array verdicts = {Verdict::right, Verdict::refused, Verdict::wrong};

Verdict decode_verdict(const JsonObject& object) {
  const std::string text = object.string("verdict");
  for (const Verdict verdict : verdicts) {
    if (name(verdict) == text) return verdict;
  }
  throw object.wrong("verdict", "\"" + text + "\" is not known");
}

bool is_null(const JsonObject& object, std::string_view key) {
  const auto found = object.value().find(key);
  return found != object.value().end() && found->is_null();
}

std::string text_or_empty(const JsonObject& object, std::string_view key) {
  return is_null(object, key) ? std::string() : object.string(key);
}

Json rows_or_null(const JsonObject& object, std::string_view key) {
  return is_null(object, key) ? Json() : object.array(key);
}

ConformanceQuestion decode_question(const JsonObject& question) {
  return {question.non_empty_string("id"),
          question.string("feature"),
          question.string("asks"),
          question.string("columns"),
          text_or_empty(question, "sql"),
          question.string("timezone"),
          rows_or_null(question, "expected"),
          is_null(question, "verdict") ? std::nullopt : std::optional(decode_verdict(question)),
          text_or_empty(question, "reason")};
}

}  // namespace

std::span<const std::string_view> conformance_features() { return features; }

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::right: return "right";
    case Verdict::refused: return "refused";
    case Verdict::wrong: return "wrong";
  }
  return {};
}

ConformanceSuite compile_conformance(Transport& transport, const std::string& dialect,
                                     const std::vector<std::string>& only) {
  const OperationReply reply =
      ask_operation(transport, "conformance-compile", {{"dialect", dialect}, {"only", only}});
  const JsonObject answer = reply.answer();
  ConformanceSuite suite{answer.string("suite_version"), answer.non_empty_string("version_sql"), {}, {}};
  for (std::size_t i = 0; i < answer.array("features").size(); ++i) {
    const JsonObject feature = answer.element("features", i);
    suite.features.push_back({feature.string("name"), feature.string("title")});
  }
  for (std::size_t i = 0; i < answer.array("questions").size(); ++i) {
    suite.questions.push_back(decode_question(answer.element("questions", i)));
  }
  return suite;
}

std::vector<ConformanceAnswer> ask_conformance(Transport& transport, Json connection,
                                               std::span<const ConformanceQuestion> questions,
                                               std::chrono::milliseconds time_limit) {
  connection["timeout_ms"] = time_limit.count();
  Json& statements = connection["statements"] = Json::array();
  for (const ConformanceQuestion& one : questions) {
    statements.push_back({{"id", one.id}, {"sql", one.sql}, {"timezone", one.timezone}});
  }
  const OperationReply reply = ask_operation(transport, conformance_ask_operation, connection);
  const JsonObject answer = reply.answer();
  if (answer.array("answers").size() != questions.size()) {
    throw answer.wrong("answers", "must hold one for each question");
  }
  std::vector<ConformanceAnswer> answers;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const JsonObject one = answer.element("answers", i);
    answers.push_back({decode_verdict(one), rows_or_null(one, "rows"), text_or_empty(one, "reason")});
  }
  return answers;
}

Verdict judge_conformance(Transport& transport, const std::string& id, const Json& rows) {
  const OperationReply reply = ask_operation(transport, "conformance-judge", {{"id", id}, {"rows", rows}});
  return decode_verdict(reply.answer());
}

}  // namespace ktx::semantic
