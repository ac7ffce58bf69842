#include "ktx/output/verdict_view.hpp"

#include <string_view>
#include <utility>

#include "ktx/app/cell.hpp"
#include "ktx/app/version.hpp"
#include "ktx/output/list_view.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"
#include "result_columns.hpp"

namespace ktx::cli {
namespace {

using VerifyOutcome = semantic::VerifyVerdict::Outcome;

std::string_view name_of(VerifyOutcome outcome) {
  switch (outcome) {
    case VerifyOutcome::equal: return "equal";
    case VerifyOutcome::different: return "different";
    case VerifyOutcome::unchecked: break;
  }
  return "unchecked";
}

// "orders (120 rows), customers (the first and last 5000 rows)".
std::string read_text(const semantic::VerifyVerdict& verdict) {
  std::string text;
  for (const auto& source : verdict.sources) {
    if (!text.empty()) text += ", ";
    text += printable(source.source) + " (";
    if (source.sampled) text += "a sample of ";
    text += counted(source.rows, "row") + (source.sampled ? "" : ", all") + ")";
  }
  return text;
}

std::string cells_text(const Json& cells) {
  std::string text;
  for (const database::Value& value : app::values_of(cells)) {
    if (!text.empty()) text += " | ";
    text += printable(shown_cell(value));
  }
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " | ") + printable(name);
  return text;
}

std::string differences_text(const semantic::VerifyVerdict& verdict) {
  std::string text = "columns: " + joined(verdict.columns) + "\n";
  for (const auto& difference : verdict.differences) {
    text += printable(difference.what) + "\n";
    text +=
        "  by SQL:  " + (difference.by_sql.is_null() ? "no such row" : cells_text(difference.by_sql)) + "\n";
    text += "  by rows: " + (difference.by_rows.is_null() ? "no such row" : cells_text(difference.by_rows)) +
            "\n";
  }
  const std::uint64_t more = verdict.difference_count - verdict.differences.size();
  if (more > 0) text += "and " + counted(more, "more difference") + "\n";
  return text;
}

std::string behind_text(const semantic::VerifyVerdict& verdict) {
  std::string text;
  for (const auto& rows : verdict.behind) {
    text += printable(rows.source) + ", " + printable(rows.what) + " (";
    if (rows.count > rows.rows.size()) text += std::to_string(rows.rows.size()) + " of ";
    text += counted(rows.count, "row") + "):\n  " + joined(rows.columns) + "\n";
    for (const Json& cells : rows.rows) text += "  " + cells_text(cells) + "\n";
  }
  return text;
}

std::string notes_text(const semantic::VerifyVerdict& verdict) {
  std::string text;
  for (const std::string& note : verdict.notes) text += "note: " + printable(note) + "\n";
  return text;
}

Json cells_json(const Json& cells) {
  if (cells.is_null()) return nullptr;
  Json list = Json::array();
  for (const database::Value& value : app::values_of(cells)) list.push_back(app::cell_json(value));
  return list;
}

Json differences_json(const semantic::VerifyVerdict& verdict) {
  Json list = Json::array();
  for (const auto& difference : verdict.differences) {
    list.push_back({{"what", difference.what},
                    {"bySql", cells_json(difference.by_sql)},
                    {"byRows", cells_json(difference.by_rows)}});
  }
  return list;
}

Json sources_json(const semantic::VerifyVerdict& verdict) {
  Json list = Json::array();
  for (const auto& source : verdict.sources) {
    list.push_back({{"source", source.source}, {"rows", source.rows}, {"sampled", source.sampled}});
  }
  return list;
}

Json behind_json(const semantic::VerifyVerdict& verdict) {
  Json list = Json::array();
  for (const auto& rows : verdict.behind) {
    Json cells = Json::array();
    for (const Json& row : rows.rows) cells.push_back(cells_json(row));
    list.push_back({{"source", rows.source},
                    {"what", rows.what},
                    {"columns", rows.columns},
                    {"rows", std::move(cells)},
                    {"rowCount", rows.count}});
  }
  return list;
}

std::string equal_line(const app::VerifyAnswer& answer) {
  return "equal: " + counted(answer.verdict.groups, "row") + " of the answer, computed from " +
         read_text(answer.verdict) + ", in " + std::to_string(answer.duration.count()) + " ms\n";
}

}  // namespace

std::string render_verdict(const app::VerifyAnswer& answer,
                           const std::optional<std::filesystem::path>& report) {
  const semantic::VerifyVerdict& verdict = answer.verdict;
  if (verdict.outcome == VerifyOutcome::equal) return equal_line(answer) + notes_text(verdict);
  if (verdict.outcome == VerifyOutcome::unchecked) {
    return "cannot be checked: " + printable(verdict.reason) + "\n" + notes_text(verdict);
  }
  std::string text = "different: the SQL and the rows disagree in " +
                     counted(verdict.difference_count, "row") +
                     " of the answer; read: " + read_text(verdict) + "\n";
  text += notes_text(verdict) + differences_text(verdict) + behind_text(verdict);
  text += "SQL:\n" + verdict.sql + "\n";
  if (report) text += "report: " + printable(report->string()) + " (it holds rows of your data)\n";
  return text;
}

std::string render_verdict_json(const app::VerifyAnswer& answer,
                                const std::optional<std::filesystem::path>& report) {
  const semantic::VerifyVerdict& verdict = answer.verdict;
  Json json;
  json["connectionId"] = answer.connection_id;
  json["dialect"] = answer.dialect;
  json["outcome"] = name_of(verdict.outcome);
  json["reason"] = verdict.reason.empty() ? Json() : Json(verdict.reason);
  json["sql"] = verdict.sql;
  json["columns"] = verdict.columns;
  json["sources"] = sources_json(verdict);
  json["rowCount"] = verdict.groups;
  json["differenceCount"] = verdict.difference_count;
  json["differences"] = differences_json(verdict);
  json["rowsBehind"] = behind_json(verdict);
  json["notes"] = verdict.notes;
  json["durationMs"] = answer.duration.count();
  json["report"] = report ? Json(report->string()) : Json();
  return pretty_json(json);
}

std::string render_verdict_report(const app::VerifyAnswer& answer, const semantic::Query& query) {
  const semantic::VerifyVerdict& verdict = answer.verdict;
  // The sources stand beside it.
  const semantic::Model none([] { return std::string("[]"); });
  const std::string members =
      semantic::question_of(semantic::QueryRequest{none, query, answer.dialect, false, std::nullopt}).members;
  Json json;
  json["ktx"] = app::version;
  json["dialect"] = answer.dialect;
  json["question"] = parse_json("{" + members + "}", "The question", ErrorKind::internal).at("query");
  json["sql"] = verdict.sql;
  json["sources"] = verdict.model;
  json["columns"] = verdict.columns;
  json["read"] = sources_json(verdict);
  json["differenceCount"] = verdict.difference_count;
  json["differences"] = differences_json(verdict);
  json["rowsBehind"] = behind_json(verdict);
  json["notes"] = verdict.notes;
  return pretty_json(json);
}

}  // namespace ktx::cli
