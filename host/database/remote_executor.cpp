#include "remote_executor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "ktx/semantic/messages.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::database {
namespace {

constexpr std::string_view query_operation = "database-query";
// The operation's own limit: it fetches one row more, and drivers count in 32 bits.
constexpr std::int64_t most_rows = std::numeric_limits<std::int32_t>::max() - 1;

constexpr std::array<std::pair<std::string_view, ColumnType>, 6> column_types = {
    {{"unknown", ColumnType::unknown},
     {"number", ColumnType::number},
     {"text", ColumnType::text},
     {"time", ColumnType::time},
     {"boolean", ColumnType::boolean},
     {"binary", ColumnType::binary}}};

Error wrong_cell(const JsonObject& answer) {
  return answer.wrong("rows", "holds a cell that is none of those that docs/boundary.md lists");
}

ColumnType decode_type(const JsonObject& column) {
  const std::string name = column.string("type");
  for (const auto& [known, type] : column_types) {
    if (known == name) return type;
  }
  throw column.wrong("type", "\"" + name + "\" is not known");
}

Blob decode_hex(const std::string& digits, const JsonObject& answer) {
  if (digits.size() % 2 != 0) throw wrong_cell(answer);
  Blob blob;
  blob.bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned int byte = 0;
    const char* const end = digits.data() + i + 2;
    const auto read = std::from_chars(digits.data() + i, end, byte, 16);
    if (read.ec != std::errc() || read.ptr != end) throw wrong_cell(answer);
    blob.bytes += static_cast<char>(byte);
  }
  return blob;
}

double decode_special(const std::string& name, const JsonObject& answer) {
  using Limits = std::numeric_limits<double>;
  if (name == "NaN") return Limits::quiet_NaN();
  if (name == "Infinity") return Limits::infinity();
  if (name == "-Infinity") return -Limits::infinity();
  throw wrong_cell(answer);
}

// The digits without the zeros at the end of a long fraction: PostgreSQL pads averages and quotients to 16
// significant digits and more. Two decimals of an amount, 12.30, are as somebody declared them.
std::string without_padding(std::string digits) {
  const auto count = std::ranges::count_if(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (count <= std::numeric_limits<double>::digits10 || digits.find('.') == std::string::npos) return digits;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits;
}

// {"decimal": …}, {"hex": …} or {"float": …}.
Value decode_tagged(const Json& cell, const JsonObject& answer) {
  if (cell.size() != 1 || !cell.begin()->is_string()) throw wrong_cell(answer);
  const std::string& tag = cell.begin().key();
  const auto& text = cell.begin()->get_ref<const std::string&>();
  if (tag == "decimal" && !text.empty()) return Decimal{without_padding(text)};
  if (tag == "hex") return decode_hex(text, answer);
  if (tag == "float") return decode_special(text, answer);
  throw wrong_cell(answer);
}

Value decode_cell(const Json& cell, const JsonObject& answer) {
  switch (cell.type()) {
    case Json::value_t::null: return std::monostate{};
    case Json::value_t::boolean: return cell.get<bool>();
    case Json::value_t::number_integer: return cell.get<std::int64_t>();
    case Json::value_t::number_unsigned:
      // A larger integer must come as a decimal: a double would round it.
      if (cell.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) throw wrong_cell(answer);
      return cell.get<std::int64_t>();
    case Json::value_t::number_float: return cell.get<double>();
    case Json::value_t::string: return cell.get<std::string>();
    case Json::value_t::object: return decode_tagged(cell, answer);
    default: throw wrong_cell(answer);
  }
}

class RemoteExecutor : public Executor {
 public:
  RemoteExecutor(Json connection, PythonSource python)
      : connection_(std::move(connection)), python_(std::move(python)) {}

  Result execute(const std::string& sql, const ExecuteOptions& options) override {
    semantic::Transport& python = python_();
    const ScopedSpan span("execute");
    Json request = connection_;
    request["sql"] = sql;
    request["compiled"] = options.compiled;
    if (options.max_rows) request["max_rows"] = std::min(*options.max_rows, most_rows);
    if (options.timezone) request["timezone"] = *options.timezone;
    return decode_result(semantic::ask_operation(python, query_operation, request).answer().value());
  }

 private:
  Json connection_;
  PythonSource python_;
};

}  // namespace

Result decode_result(const Json& value) {
  const JsonObject answer(value, "The reply of database-query", ErrorKind::internal);
  Result result;
  const std::size_t width = answer.array("columns").size();
  for (std::size_t i = 0; i < width; ++i) {
    const JsonObject column = answer.element("columns", i);
    result.columns.push_back(column.string("name"));
    result.types.push_back(decode_type(column));
  }
  for (const Json& cells : answer.array("rows")) {
    if (!cells.is_array() || cells.size() != width) {
      throw answer.wrong("rows", "must hold lists of " + std::to_string(width) + " cells");
    }
    std::vector<Value>& row = result.rows.emplace_back();
    row.reserve(width);
    for (const Json& cell : cells) row.push_back(decode_cell(cell, answer));
  }
  result.truncated = answer.boolean("truncated");
  return result;
}

std::unique_ptr<Executor> open_remote(Json connection, PythonSource python) {
  return std::make_unique<RemoteExecutor>(std::move(connection), std::move(python));
}

}  // namespace ktx::database
