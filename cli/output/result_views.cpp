#include "ktx/output/result_views.hpp"

#include <algorithm>
#include <string_view>

#include "ktx/app/cell.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"
#include "result_columns.hpp"

namespace ktx::cli {
namespace {

// An empty text is quoted, so that it differs from NULL.
std::string csv_field(const std::string& text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c & 0x80) != 0;
}

// Whether Markdown would interpret the character at `at`: it ends a cell or starts some markup. An underscore
// inside a word, as in the name of a column, is plain text.
bool needs_escape(std::string_view text, std::size_t at) {
  constexpr std::string_view always = "\\|`*<[~&";
  if (always.find(text[at]) != std::string_view::npos) return true;
  if (text[at] != '_') return false;
  return at == 0 || at + 1 == text.size() || !is_word(text[at - 1]) || !is_word(text[at + 1]);
}

std::string escape_line(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (needs_escape(text, i)) result += '\\';
    result += text[i];
  }
  return result;
}

// A cell of a table must be one line of the file; line breaks in it become <br>.
std::string markdown_text(std::string_view text) {
  std::string result;
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    result += escape_line(printable(line));
    if (end == std::string_view::npos) return result;
    result += "<br>";
    text.remove_prefix(end + 1);
  }
}

// A text keeps its line breaks here, where a table on a terminal shows \n.
std::string markdown_cell(const database::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr || *text == "NULL" ? escape_line(shown_cell(value)) : markdown_text(*text);
}

struct MarkdownColumn {
  std::vector<std::string> cells;  ///< the header first
  std::size_t width = 3;           ///< the least that the row of dashes takes
  bool right = false;
};

MarkdownColumn markdown_column(const ResultRows& rows, std::size_t index) {
  MarkdownColumn column;
  column.right = is_number_column(rows.result, index);
  column.cells.push_back(markdown_text(rows.headers[index]));
  for (const auto& row : rows.result.rows) column.cells.push_back(markdown_cell(row[index]));
  for (const std::string& cell : column.cells) column.width = std::max(column.width, display_width(cell));
  return column;
}

std::string markdown_line(const std::vector<MarkdownColumn>& columns, std::size_t row) {
  std::string line = "|";
  for (const MarkdownColumn& column : columns) {
    const std::string& cell = column.cells[row];
    const std::string padding(column.width - display_width(cell), ' ');
    line += " " + (column.right ? padding + cell : cell + padding) + " |";
  }
  return line + "\n";
}

constexpr std::size_t record_gap = 2;  // cells between the name of a column and its value

// "-[ 12 ]-----", as in the expanded display of psql.
std::string record_rule(std::size_t number, std::size_t columns) {
  std::string rule = "-[ " + std::to_string(number) + " ]";
  rule.append(rule.size() < columns ? columns - rule.size() : 0, '-');
  return cut_to_width(rule, columns, "-") + "\n";
}

struct RecordNames {
  std::vector<std::string> padded;
  std::size_t width = 0;
  bool is_cut = false;
};

// The names get at most half of the width.
RecordNames record_names(const ResultRows& rows, std::size_t columns, const std::string& mark) {
  RecordNames names;
  for (const std::string& header : rows.headers) {
    names.width = std::max(names.width, display_width(printable(header)));
  }
  const std::size_t most = columns > record_gap + 1 ? (columns - record_gap) / 2 : 0;
  names.is_cut = names.width > most;
  names.width = std::min(names.width, most);
  for (const std::string& header : rows.headers) {
    // The end of `source.column` says more.
    std::string name = cut_start_to_width(printable(header), names.width, mark);
    const std::size_t width = display_width(name);
    names.padded.push_back(name.append(names.width - width, ' '));
  }
  return names;
}

}  // namespace

std::string render_csv(const ResultRows& rows) {
  std::string text;
  std::string_view separator;
  for (const std::string& name : rows.headers) {
    text.append(separator).append(csv_field(name));
    separator = ",";
  }
  text += "\r\n";
  // With one column an unquoted NULL would be an empty line, which readers skip.
  const std::string null = rows.headers.size() == 1 ? csv_field("") : "";
  for (const auto& row : rows.result.rows) {
    separator = "";
    for (const database::Value& value : row) {
      text.append(separator).append(app::is_null(value) ? null : csv_field(app::cell_text(value)));
      separator = ",";
    }
    text += "\r\n";
  }
  return text;
}

std::string render_markdown(const ResultRows& rows) {
  std::vector<MarkdownColumn> columns;
  std::string rule = "|";
  for (std::size_t i = 0; i < rows.headers.size(); ++i) {
    columns.push_back(markdown_column(rows, i));
    const MarkdownColumn& column = columns.back();
    rule += " " + std::string(column.width - 1, '-') + (column.right ? ": |" : "- |");
  }
  std::string text = markdown_line(columns, 0) + rule + "\n";
  for (std::size_t row = 1; row <= rows.result.rows.size(); ++row) text += markdown_line(columns, row);
  return text;
}

TableText render_records(const ResultRows& rows, const Style& style, std::size_t columns) {
  const std::string mark = style.unicode() ? "…" : "~";
  const RecordNames names = record_names(rows, columns, mark);
  const std::size_t room = columns > names.width + record_gap ? columns - names.width - record_gap : 1;
  TableText drawn;
  drawn.is_cut = names.is_cut;
  for (std::size_t row = 0; row < rows.result.rows.size(); ++row) {
    drawn.text += style.dim(record_rule(row + 1, columns));
    for (std::size_t i = 0; i < rows.headers.size(); ++i) {
      const database::Value& value = rows.result.rows[row][i];
      const std::string whole = shown_cell(value);
      const std::string cell = cut_to_width(whole, room, mark);
      // Bytes, not cells: a mark may be as wide as what it replaced.
      drawn.is_cut = drawn.is_cut || cell.size() != whole.size();
      drawn.text += style.bold(names.padded[i]) + std::string(record_gap, ' ');
      drawn.text += (app::is_null(value) ? style.dim(cell) : cell) + "\n";
    }
  }
  return drawn;
}

}  // namespace ktx::cli
