#include "database_values.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::search {
namespace {

constexpr int most_rows = 10'000;
constexpr std::size_t most_values = 100;
constexpr int longest_value = 80;  // characters
// Some 20 million steps of the database, a fraction of a second.
constexpr int most_interruption_checks = 5'000;

// Identifies a state of the file; empty if it is missing or empty.
std::string state_of_file(const std::filesystem::path& file) {
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0 || state.st_size == 0) return {};
  return std::to_string(state.st_dev) + ":" + std::to_string(state.st_ino) + ":" +
         std::to_string(state.st_size) + ":" + std::to_string(state.st_mtim.tv_sec) + "." +
         std::to_string(state.st_mtim.tv_nsec);
}

std::string quoted_name(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

// One column in the result for each column of the source, NULL for values that are not kept. Columns are
// qualified by their relation: SQLite takes a lone quoted name that is no column for a text.
std::string sample_query(const Document& document) {
  std::string sql = "SELECT ";
  for (const std::string& column : document.text_columns) {
    if (!sql.ends_with("SELECT ")) sql += ", ";
    const std::string cell = "relation_." + quoted_name(column);
    sql.append("CASE WHEN typeof(").append(cell).append(") = 'text' AND length(").append(cell);
    sql.append(") <= ").append(std::to_string(longest_value)).append(" THEN ").append(cell).append(" END");
  }
  return sql + " FROM " + document.relation + " AS relation_ LIMIT " + std::to_string(most_rows);
}

// How often each value occurs in one column of the result.
std::map<std::string, std::size_t> counted_values(const database::Result& result, std::size_t column) {
  std::map<std::string, std::size_t> counts;
  for (const auto& row : result.rows) {
    const auto* text = std::get_if<std::string>(&row[column]);
    if (text != nullptr && !text->empty() && !first_invalid_utf8(*text)) ++counts[*text];
  }
  return counts;
}

// The most frequent values; of equally frequent ones the first by their bytes.
std::vector<std::string> most_frequent(const std::map<std::string, std::size_t>& counts) {
  std::vector<std::pair<std::size_t, std::string>> order;
  order.reserve(counts.size());
  for (const auto& [value, count] : counts) order.emplace_back(count, value);
  std::ranges::stable_sort(order, std::ranges::greater(), &std::pair<std::size_t, std::string>::first);
  if (order.size() > most_values) order.resize(most_values);
  std::vector<std::string> values;
  values.reserve(order.size());
  for (auto& [count, value] : order) values.push_back(std::move(value));
  return values;
}

}  // namespace

DatabaseValues::DatabaseValues(const project::Connection* connection, const Environment& environment,
                               std::filesystem::path project_directory)
    : connection_(connection), environment_(environment), project_directory_(std::move(project_directory)) {
  if (connection_ == nullptr) return;
  try {
    const auto file = database::database_file(*connection_, environment_, project_directory_);
    wanted_ = file.has_value();
    if (!file) return;
    const std::string state = state_of_file(*file);
    if (state.empty()) {
      note_ = "there is no SQLite database at " + file->string();
      return;
    }
    // In WAL mode changes go to the -wal file, and the database's own file stays as it was.
    stamp_ = file->string() + "|" + state + "|" + state_of_file(file->string() + "-wal");
  } catch (const Error& error) {
    wanted_ = true;
    note_ = error.message();
  }
}

bool DatabaseValues::open() {
  if (executor_) return true;
  if (!note_.empty()) return false;
  try {
    auto executor = database::open_executor(*connection_, environment_, project_directory_);
    // Opening reads no byte of the file; this finds out whether it is a database.
    executor->execute("SELECT count(*) FROM sqlite_schema", {});
    executor_ = std::move(executor);
  } catch (const Error& error) {
    // A signal ends the search; any other fault is a note in its answer.
    if (error.kind() == ErrorKind::interrupted) throw;
    note_ = error.message();
  }
  return executor_ != nullptr;
}

std::optional<ReadValues> DatabaseValues::read(const Document& document) {
  if (document.text_columns.empty() || document.relation.empty()) return ReadValues{};
  if (!open()) return std::nullopt;
  int checks = 0;
  // A bound on steps and not on time, so that the result does not depend on the machine's load.
  const database::ExecuteOptions options{{}, [&checks] { return ++checks > most_interruption_checks; }};
  ReadValues read;
  try {
    const database::Result result = executor_->execute(sample_query(document), options);
    for (std::size_t i = 0; i < result.columns.size(); ++i) {
      for (std::string& value : most_frequent(counted_values(result, i))) {
        read.values.push_back({document.text_columns[i], std::move(value)});
      }
    }
  } catch (const Error& error) {
    read.note = checks > most_interruption_checks ? "its rows take too long to read" : error.message();
  }
  std::ranges::sort(read.values);
  return read;
}

}  // namespace ktx::search
