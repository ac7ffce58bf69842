#include <algorithm>

#include "ktx/app/cell.hpp"
#include "ktx/output/result_view.hpp"
#include "ktx/terminal/text_width.hpp"
#include "result_columns.hpp"

namespace ktx::cli {
namespace {

constexpr std::size_t record_gap = 2;  // cells between the name of a column and its value

/// "-[ 12 ]-----", as psql draws it.
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

/// The names get half of the width at most.
RecordNames record_names(const ResultRows& rows, std::size_t columns, const std::string& mark) {
  RecordNames names;
  for (const std::string& header : rows.headers) {
    names.width = std::max(names.width, display_width(printable(header)));
  }
  const std::size_t most = columns > record_gap + 1 ? (columns - record_gap) / 2 : 0;
  names.is_cut = names.width > most;
  names.width = std::min(names.width, most);
  for (const std::string& header : rows.headers) {
    std::string name = cut_start_to_width(printable(header), names.width, mark);
    const std::size_t width = display_width(name);
    names.padded.push_back(name.append(names.width - width, ' '));
  }
  return names;
}

}  // namespace

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
      drawn.is_cut = drawn.is_cut || cell.size() != whole.size();
      drawn.text += style.bold(names.padded[i]) + std::string(record_gap, ' ');
      drawn.text += (app::is_null(value) ? style.dim(cell) : cell) + "\n";
    }
  }
  return drawn;
}

}  // namespace ktx::cli
