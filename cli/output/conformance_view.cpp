#include "ktx/output/conformance_view.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "ktx/app/version.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

using app::ConformanceOutcome;
using app::ConformanceReport;
using Judgement = semantic::Verdict;

// "15.14 (Debian 15.14-0+deb12u1)" is more than there is to know.
std::string engine_of(const ConformanceReport& report) {
  const std::string version = report.engine_version.value_or("");
  const std::string number = printable(version.substr(0, version.find_first_of(" ,(\n")));
  if (number.empty()) return report.engine;
  // One driver, two engines.
  if (report.driver == "mysql")
    return (version.find("MariaDB") == std::string::npos ? "MySQL " : "MariaDB ") + number;
  return report.engine + " " + number;
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, display_width(text)), ' ');
}

std::string number_cell(std::size_t number, const char* title) {
  const std::string text = std::to_string(number);
  const std::size_t width = std::string(title).size() + 2;
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string counts_line(const ConformanceReport& report, const std::string& feature) {
  return number_cell(report.count(Judgement::right, feature), "right") +
         number_cell(report.count(Judgement::refused, feature), "refused") +
         number_cell(report.count(Judgement::wrong, feature), "wrong");
}

std::string features_table(const ConformanceReport& report) {
  std::size_t width = std::string("feature").size();
  for (const auto& feature : report.features) width = std::max(width, feature.name.size());
  std::string text = padded("feature", width) + "  right  refused  wrong\n";
  for (const auto& feature : report.features) {
    text += padded(feature.name, width) + counts_line(report, feature.name) + "   " + feature.title + "\n";
  }
  return text + padded("all", width) + counts_line(report, "") + "\n";
}

std::vector<const ConformanceOutcome*> with(const ConformanceReport& report, Judgement verdict) {
  std::vector<const ConformanceOutcome*> found;
  for (const ConformanceOutcome& one : report.outcomes) {
    if (one.answer.verdict == verdict) found.push_back(&one);
  }
  return found;
}

// "zones.days_in_berlin", with the kind of columns where they are not the usual ones.
std::string title_of(const ConformanceOutcome& one) {
  const std::string kind = one.question.columns == "plain" ? " (columns that cannot be NULL)" : "";
  return one.question.id + kind + ": " + one.question.asks;
}

std::string rows_text(const Json& rows) {
  if (rows.is_null()) return "      none\n";
  if (rows.empty()) return "      no rows\n";
  std::string text;
  for (const Json& row : rows) text += "      " + printable(compact_json(row)) + "\n";
  return text;
}

// The lines of a text that may have several, each behind some blanks.
std::string indented(const std::string& text) {
  std::string lines;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines += "      " + printable(text.substr(start, end - start)) + "\n";
    start = end + 1;
  }
  return lines;
}

std::string wrong_text(const ConformanceOutcome& one) {
  std::string text = "  " + title_of(one) + "\n";
  if (!one.answer.reason.empty()) text += "    " + printable(one.answer.reason) + "\n";
  if (one.question.expected.is_null()) {
    text += "    right: ktx refuses it\n";
  } else {
    text += "    right:\n" + rows_text(one.question.expected);
  }
  if (!one.answer.rows.is_null()) text += "    given:\n" + rows_text(one.answer.rows);
  if (!one.question.sql.empty()) text += "    SQL:\n" + indented(one.question.sql);
  return text;
}

std::string refused_text(const ConformanceOutcome& one) {
  return "  " + title_of(one) + "\n    " + printable(one.answer.reason) + "\n";
}

template <typename Text>
std::string section(const ConformanceReport& report, Judgement verdict, const char* title, Text text_of) {
  const auto found = with(report, verdict);
  if (found.empty()) return {};
  std::string text = "\n" + std::string(title) + " (" + std::to_string(found.size()) + "):\n";
  for (const ConformanceOutcome* one : found) text += text_of(*one);
  return text;
}

std::string score_line(const ConformanceReport& report) {
  const std::size_t asked = report.outcomes.size();
  std::string text = std::to_string(report.count(Judgement::right)) + " of " + std::to_string(asked) +
                     " right, " + std::to_string(report.count(Judgement::refused)) + " refused, " +
                     std::to_string(report.count(Judgement::wrong)) + " wrong";
  if (report.not_asked > 0) text += "; " + std::to_string(report.not_asked) + " not asked";
  return text;
}

Json outcome_json(const ConformanceOutcome& one) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return {{"id", one.question.id},
          {"feature", one.question.feature},
          {"asks", one.question.asks},
          {"columns", one.question.columns},
          {"verdict", semantic::name(one.answer.verdict)},
          {"reason", text_or_null(one.answer.reason)},
          {"sql", text_or_null(one.question.sql)},
          {"timezone", one.question.timezone},
          {"expected", one.question.expected},
          {"rows", one.answer.rows}};
}

Json counts_json(const ConformanceReport& report, const std::string& feature) {
  return {{"right", report.count(Judgement::right, feature)},
          {"refused", report.count(Judgement::refused, feature)},
          {"wrong", report.count(Judgement::wrong, feature)}};
}

// "6: zones, storage", or "0".
std::string counted_features(const ConformanceReport& report, Judgement verdict) {
  std::string text = std::to_string(report.count(verdict));
  std::string separator = ": ";
  for (const auto& feature : report.features) {
    if (report.count(verdict, feature.name) == 0) continue;
    text += separator + feature.name;
    separator = ", ";
  }
  return text;
}

// In Markdown, code that may hold backquotes and bars of its own.
std::string fenced(const std::string& sql) {
  const std::string fence = sql.find("```") == std::string::npos ? "```" : "`````";
  return fence + "sql\n" + sql + "\n" + fence + "\n";
}

std::string markdown_details(const ConformanceReport& report) {
  std::string text;
  for (const ConformanceOutcome* one : with(report, Judgement::refused)) {
    text += "- " + title_of(*one) + ". Refused: " + printable(one->answer.reason) + "\n";
  }
  for (const ConformanceOutcome* one : with(report, Judgement::wrong)) {
    text += "\n**Wrong:** " + title_of(*one) + ". " + printable(one->answer.reason) + "\n\nRight: `" +
            compact_json(one->question.expected) + "`, given: `" + compact_json(one->answer.rows) + "`\n\n";
    if (!one->question.sql.empty()) text += fenced(one->question.sql);
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string render_conformance_text(const ConformanceReport& report) {
  return engine_of(report) + " (connection " + report.connection_id + "), suite " + report.suite_version +
         ", ktx " + app::version + "\n\n" + features_table(report) +
         section(report, Judgement::refused, "Refused", refused_text) +
         section(report, Judgement::wrong, "Wrong", wrong_text) + "\n" + score_line(report) + "\n";
}

std::string render_conformance_json(const ConformanceReport& report) {
  Json json = {{"connectionId", report.connection_id}, {"driver", report.driver}, {"engine", report.engine}};
  json["engineVersion"] = report.engine_version ? Json(*report.engine_version) : Json();
  json["suiteVersion"] = report.suite_version;
  json["ktxVersion"] = app::version;
  json["complete"] = report.not_asked == 0;
  json["notAsked"] = report.not_asked;
  json["score"] = counts_json(report, "");
  Json& features = json["features"] = Json::array();
  for (const auto& feature : report.features) {
    Json item = {{"name", feature.name}, {"title", feature.title}};
    item.update(counts_json(report, feature.name));
    features.push_back(std::move(item));
  }
  Json& questions = json["questions"] = Json::array();
  for (const ConformanceOutcome& one : report.outcomes) questions.push_back(outcome_json(one));
  return pretty_json(json);
}

std::string render_conformance_markdown(const ConformanceReport& report) {
  return "| engine | right | refused | wrong | suite | ktx |\n|---|---|---|---|---|---|\n| " +
         engine_of(report) + " | " + std::to_string(report.count(Judgement::right)) + " | " +
         counted_features(report, Judgement::refused) + " | " + counted_features(report, Judgement::wrong) +
         " | " + report.suite_version + " | " + app::version + " |\n" + markdown_details(report);
}

}  // namespace ktx::cli
