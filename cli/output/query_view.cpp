#include "ktx/output/query_view.hpp"

#include <utility>

#include "ktx/app/cell.hpp"
#include "ktx/app/query_json.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"
#include "result_columns.hpp"

namespace ktx::cli {
namespace {

// With fewer cells than these a statement is not worth breaking.
constexpr std::size_t least_statement = 20;

// Appends one statement. `margin` stands before its first line, and `below` before the others.
void append_statement(std::string& text, const std::string& statement, const std::string& margin,
                      const std::string& below, std::optional<std::size_t> columns) {
  const std::size_t used = display_width(margin);
  if (!columns || *columns < used + least_statement) {
    text.append(margin).append(statement).append("\n");
    return;
  }
  const std::vector<std::string> lines = wrapped(statement, *columns - used);
  for (const std::string& line : lines) {
    text.append(&line == &lines.front() ? margin : below).append(line).append("\n");
  }
}

// Appends the statements below `parent`. `margin` stands before each of their lines.
void append_children(std::string& text, const semantic::Explanation& parent, const std::string& margin,
                     std::optional<std::size_t> columns) {
  for (const semantic::Explanation& child : parent.children) {
    const bool last = &child == &parent.children.back();
    const std::string below = margin + (last ? "   " : "│  ");
    // If the statement is broken, the line down to its children runs beside it.
    append_statement(text, printable(child.text), margin + (last ? "└─ " : "├─ "),
                     below + (child.children.empty() ? "" : "│  "), columns);
    append_children(text, child, below, columns);
  }
}

Json execution_json(const std::optional<app::Execution>& execution) {
  if (!execution)
    return {{"mode", "compile_only"}, {"reason", "Not asked to run the query; --execute runs it"}};
  Json json = {{"mode", "executed"}, {"driver", execution->driver}, {"maxRows", nullptr}};
  if (execution->max_rows) json["maxRows"] = *execution->max_rows;
  json["rowCount"] = execution->result.rows.size();
  return json;
}

Json explanation_json(const semantic::Explanation& explanation) {
  Json children = Json::array();
  for (const semantic::Explanation& child : explanation.children) children.push_back(explanation_json(child));
  return {{"text", explanation.text}, {"children", std::move(children)}};
}

}  // namespace

std::string render_explanation(const semantic::Explanation& explanation, std::optional<std::size_t> columns) {
  std::string text;
  append_statement(text, printable(explanation.text), "", explanation.children.empty() ? "" : "│  ", columns);
  append_children(text, explanation, "", columns);
  return text;
}

std::string render_query_json(const app::QueryAnswer& answer) {
  Json json;
  json["connectionId"] = answer.connection_id;
  json["dialect"] = answer.compiled.dialect;
  json["sql"] = answer.compiled.sql;
  json["headers"] = semantic::names_of(answer.compiled.columns);
  json["rows"] = answer.execution ? app::rows_json(answer.execution->result) : Json::array();
  json["totalRows"] = json["rows"].size();
  json["plan"] = answer.compiled.plan;
  json["plan"]["execution"] = execution_json(answer.execution);
  json["timezone"] = answer.compiled.timezone;
  if (answer.compiled.explanation) json["explanation"] = explanation_json(*answer.compiled.explanation);
  json["warnings"] = app::warnings_json(answer.compiled.warnings);
  return pretty_json(json);
}

std::string render_warnings(const std::vector<semantic::Warning>& warnings, const Style& style) {
  std::string text;
  for (const semantic::Warning& warning : warnings) {
    if (!warning.place.empty()) text.append(warning.place).append(": ");
    // A message may quote the query, with line breaks and control characters in it.
    text.append(style.severity(warning.severity)).append(": ").append(printable(warning.message));
    text.append(" [").append(warning.code).append("]\n");
  }
  return text;
}

}  // namespace ktx::cli
