#include "ktx/app/query_run.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "ktx/app/cell.hpp"
#include "ktx/app/output_columns.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/database/connection_settings.hpp"
#include "ktx/database/executor.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/semantic/messages.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::app {

project::Connection find_connection(const project::Project& project,
                                    const std::optional<std::string>& requested) {
  const std::string id = project::choose_connection(project.config, requested);
  if (const project::Connection* connection = project.config.find_connection(id)) return *connection;
  if (!project::has_source_directory(project.directory, id)) {
    throw project::unknown_connection(project.config, id);
  }
  project::Connection connection;
  connection.id = id;
  return connection;
}

PythonNeeds with_driver(PythonNeeds needs, const project::Connection& connection, bool runs) {
  needs.features =
      features_of_drivers(runs ? std::vector{connection.driver.value_or("")} : std::vector<std::string>());
  return needs;
}

namespace {

// The number in a value: a number itself, or a text that is one from end to end.
std::optional<double> number_in(const database::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  const auto* decimal = std::get_if<database::Decimal>(&value);
  const auto* text = decimal != nullptr ? &decimal->digits : std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  double number = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

// The storage that a number suggests by its size: seconds since 1970 have nine digits or more after 1973,
// milliseconds twelve, and Julian days of recent centuries start with 2.4 million.
std::string storage_of(double number) {
  const double size = std::abs(number);
  if (size >= 2e6 && size < 3e6) return "julian";
  if (size >= 1e11 && size < 1e14) return "unix_ms";
  if (size >= 1e8 && size < 1e11) return "unix";
  return "";
}

bool begins_with_day(const std::string& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
         std::all_of(text.begin(), text.begin() + 4, is_digit);
}

std::string advice(const semantic::TimeCheck& check, const database::Value& value) {
  std::string storage;
  if (const auto number = number_in(value)) {
    storage = storage_of(*number);
  } else if (const auto* text = std::get_if<std::string>(&value); text != nullptr && begins_with_day(*text)) {
    // Only a probed database needs `storage: text`. SQLite, without a probe, reads this form by itself, so
    // the value is wrong.
    if (check.probe) storage = "text";
  }
  const std::string column = "the column " + check.column + " of the source " + check.source;
  if (!storage.empty() && storage != check.storage) return "Write `storage: " + storage + "` on " + column;
  return "Correct the values, or declare " + column +
         " as `type: string`, or compute one that gives 2026-03-01 12:00:00";
}

// As JSON: quotes make blanks and an empty text visible.
std::string shown(const database::Value& value) { return cell_json(value).dump(); }

// A value that the check finds, or std::nullopt.
std::optional<database::Value> unreadable(database::Executor& executor, const semantic::TimeCheck& check,
                                          const std::string& timezone) {
  if (check.probe) {
    // A column that the database itself types as a time holds nothing else.
    const database::Result kind = executor.execute(*check.probe, {1, {}, timezone});
    if (!kind.types.empty() && kind.types.front() == database::ColumnType::time) return std::nullopt;
  }
  const database::Result found = executor.execute(check.sql, {1, {}, timezone});
  if (found.rows.empty() || found.rows.front().empty()) return std::nullopt;
  return found.rows.front().front();
}

std::string fault(const semantic::TimeCheck& check, const database::Value& value) {
  const std::string as = check.storage ? " as `storage: " + *check.storage + "` says" : "";
  return check.source + "." + check.column + " holds " + shown(value) + ", which cannot be read as a time" +
         as;
}

// Looks for unreadable times in columns that the query compares with times. Throws a `model` error with the
// column, a value and what to write, because the answer would be wrong.
void refuse_unreadable_times(database::Executor& executor, const semantic::CompiledQuery& compiled) {
  for (const semantic::TimeCheck& check : compiled.checks) {
    if (!check.is_compared) continue;
    const auto value = unreadable(executor, check, compiled.timezone);
    if (!value) continue;
    throw Error(ErrorKind::model, fault(check, *value) + ", and the query compares it with times",
                advice(check, *value));
  }
}

// Looks for unreadable times in columns that the query groups by, and adds a warning for each: they form a
// group of their own.
void warn_of_unreadable_times(database::Executor& executor, semantic::CompiledQuery& compiled) {
  for (const semantic::TimeCheck& check : compiled.checks) {
    if (check.is_compared) continue;
    const auto value = unreadable(executor, check, compiled.timezone);
    if (!value) continue;
    compiled.warnings.push_back(
        {"time_unreadable", "warning",
         fault(check, *value) + ", so that its group is wrong. " + advice(check, *value), ""});
  }
}

// Adds a warning for each column with texts that can be shown in part only.
void warn_of_texts(const database::Result& result, semantic::CompiledQuery& compiled) {
  for (const std::size_t column : result.not_utf8) {
    compiled.warnings.push_back(
        {"text_unreadable", "warning", not_utf8_text(compiled.columns.at(column).name), ""});
  }
}

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

// The bound that the result reached. A result of exactly that length may have been cut.
std::optional<RowBound> met_bound(const Execution& execution, const Json& plan) {
  const auto planned = plan.find("limit");
  std::optional<std::int64_t> limit;
  if (planned != plan.end() && planned->is_number_integer()) limit = planned->get<std::int64_t>();
  const auto cap = execution.max_rows;
  const bool capped = cap && (!limit || *cap < *limit);
  const auto bound = capped ? cap : limit;
  if (!bound || static_cast<std::int64_t>(execution.result.rows.size()) < *bound) return std::nullopt;
  return capped ? RowBound::max_rows : RowBound::limit;
}

// What SQLite asks while it works; every other database is told by the transport.
std::function<bool()> cancelled(const Session& session) {
  const Cancellation* cancellation = session.cancellation();
  if (cancellation == nullptr) return {};
  return [cancellation] { return cancellation->is_cancelled(); };
}

constexpr std::string_view quotes = "'\"`";

bool is_word_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         c == '_' || c == '$' || byte >= 0x80;
}

// Calls `take` for each word of a text, in lower case, with the characters before and after it (0 at an end).
template <typename Take>
void for_each_word(std::string_view text, const Take& take) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_word_character(text[i])) continue;
    const std::size_t start = i;
    while (i < text.size() && is_word_character(text[i])) ++i;
    take(lower_case(std::string(text.substr(start, i - start))), start == 0 ? '\0' : text[start - 1],
         i == text.size() ? '\0' : text[i]);
  }
}

// The names that a message of a database quotes or calls: "gone" in `column "gone" does not exist`, "foo" in
// `function foo(integer)` and in `no such function: foo`.
std::set<std::string> names_in(std::string_view message) {
  std::set<std::string> names;
  for_each_word(message, [&](const std::string& word, char before, char after) {
    const bool quoted =
        quotes.find(before) != std::string_view::npos && quotes.find(after) != std::string_view::npos;
    if (quoted || after == '(') names.insert(word);
  });
  const auto last = message.rfind(": ");
  if (message.find("no such ") != std::string_view::npos && last != std::string_view::npos) {
    for_each_word(message.substr(last), [&](const std::string& word, char, char) { names.insert(word); });
  }
  return names;
}

bool has_any(std::string_view expression, const std::set<std::string>& names) {
  bool found = false;
  for_each_word(expression,
                [&](const std::string& word, char, char) { found = found || names.contains(word); });
  return found;
}

// The expressions that the SQL was compiled from, by what to call them in an error.
std::map<std::string, std::string> expressions_of(const semantic::Query& query, const Json& plan) {
  std::map<std::string, std::string> expressions;
  for (const std::string& filter : query.filters) expressions["the filter `" + filter + "`"] = filter;
  const auto measures = plan.find("measures");
  if (measures == plan.end() || !measures->is_array()) return expressions;
  for (const Json& measure : *measures) {
    std::string text;
    for (const char* part : {"expr", "filter"}) {
      const auto found = measure.find(part);
      if (found != measure.end() && found->is_string()) text += found->get<std::string>() + "\n";
    }
    const std::string name = measure.value("name", "");
    if (!text.empty()) expressions["the measure " + name] = text;
  }
  return expressions;
}

// Throws a `database` error unless the parser of the dialect proves that the statement only reads. Where the
// database can do so, it enforces that too.
void check_read_only(semantic::Transport& python, const std::string& sql, const std::string& dialect) {
  constexpr const char* operation = "sql-validate-read-only";
  const auto reply = semantic::ask_operation(python, operation, {{"sql", sql}, {"dialect", dialect}});
  const JsonObject verdict(reply.answer().value(), std::string("The reply of ") + operation,
                           ErrorKind::internal);
  if (verdict.boolean("ok")) return;
  throw Error(ErrorKind::database, "The SQL is not run. " + verdict.string("error"),
              "Ask with one SELECT or WITH statement that only reads");
}

}  // namespace

const project::Connection& known_connection(const project::Project& project,
                                            const std::optional<std::string>& requested) {
  const std::string id = project::choose_connection(project.config, requested);
  const project::Connection* connection = project.config.find_connection(id);
  if (connection == nullptr) throw project::unknown_connection(project.config, id);
  database::check_driver(*connection);
  return *connection;
}

QueryRun::QueryRun(Session& session, const project::Project& project, QueryRequest request,
                   PythonNeeds python)
    : session_(session),
      project_(project),
      request_(std::move(request)),
      connection_(find_connection(project, request_.connection_id)),
      cache_(open_plan_cache(session)),
      planning_(
          cache_ ? &*cache_ : nullptr,
          {session, project, connection_.id, store_of(cache_ ? &*cache_ : nullptr)},
          {request_.query, choose_dialect(), connection_.timezone, request_.explain, connection_.calendar}),
      python_(session, with_driver(std::move(python), connection_, request_.execute)) {}

// The dialect of the driver. If that is not known, a guess is noted and PostgreSQL is used.
std::string QueryRun::choose_dialect() {
  const std::string driver = connection_.driver.value_or("");
  if (auto dialect = semantic::dialect_of_driver(driver)) return *std::move(dialect);
  guesses_.push_back({"unknown-driver", "warning", unknown_driver(connection_.id, driver), ""});
  return semantic::default_dialect;
}

bool QueryRun::prepare() {
  compiled_ = planning_.recall();
  if (!compiled_ && !planning_.prepare()) return false;
  if (request_.execute) {
    executor_ =
        database::open_executor(connection_, session_.environment, project_.directory, python_.source());
  }
  return true;
}

QueryAnswer QueryRun::answer() {
  if (!compiled_) compiled_ = planning_.compile(python_.get());
  QueryAnswer answer{connection_.id, *std::move(compiled_), {}};
  if (executor_ == nullptr) return answer;
  // What the runtime has to say comes before the line of who waits.
  if (!database::is_sqlite(connection_.driver.value_or(""))) python_.get();
  const std::unique_ptr<Waiting> waiting = session_.wait_for_database();
  // Before the query: its rows would be wrong. The warnings come after it, since they only add to a good
  // answer.
  refuse_unreadable_times(*executor_, answer.compiled);
  answer.execution = execute(answer.compiled);
  warn_of_unreadable_times(*executor_, answer.compiled);
  warn_of_texts(answer.execution->result, answer.compiled);
  return answer;
}

Execution QueryRun::execute(const semantic::CompiledQuery& compiled) {
  Execution execution;
  execution.driver = connection_.driver.value_or("");
  execution.max_rows = request_.max_rows ? request_.max_rows : request_.query.limit;
  const auto start = Clock::now();
  execution.result = run(compiled, execution.max_rows);
  execution.duration = since(start);
  // Rows under the wrong headers would be silently wrong.
  if (execution.result.columns.size() != compiled.columns.size()) {
    throw Error(ErrorKind::internal, "The planner announced " + std::to_string(compiled.columns.size()) +
                                         " columns and the database gave " +
                                         std::to_string(execution.result.columns.size()));
  }
  execution.met = met_bound(execution, compiled.plan);
  show_days_as_dates(compiled.columns, execution.result);
  return execution;
}

database::Result QueryRun::run(const semantic::CompiledQuery& compiled,
                               std::optional<std::int64_t> max_rows) {
  try {
    return executor_->execute(compiled.sql, {.max_rows = max_rows,
                                             .interrupted = cancelled(session_),
                                             .timezone = compiled.timezone,
                                             .compiled = true});
  } catch (const Error& error) {
    // Other kinds, such as an interruption, say nothing about an expression.
    if (error.kind() != ErrorKind::database) throw;
    throw with_suspect(error, request_.query, compiled);
  }
}

Error with_suspect(const Error& error, const semantic::Query& query,
                   const semantic::CompiledQuery& compiled) {
  const std::set<std::string> names = names_in(error.message());
  std::string suspect;
  for (const auto& [what, text] : expressions_of(query, compiled.plan)) {
    if (!has_any(text, names)) continue;
    // Two candidates: a guess would mislead.
    if (!suspect.empty()) return error;
    suspect = what;
  }
  if (suspect.empty()) return error;
  return {error.kind(), error.message(), "Look at " + suspect + ". " + error.fix(), error.details()};
}

SqlRun::SqlRun(Session& session, const project::Project& project,
               const std::optional<std::string>& connection_id, PythonNeeds python)
    : session_(session),
      connection_id_(known_connection(project, connection_id).id),
      dialect_(semantic::dialect_of_driver(*known_connection(project, connection_id_).driver)
                   .value_or(semantic::default_dialect)),
      python_(session, with_driver(std::move(python), known_connection(project, connection_id_), true)),
      executor_(database::open_executor(known_connection(project, connection_id_), session.environment,
                                        project.directory, python_.source())) {}

SqlAnswer SqlRun::run(const std::string& sql, std::int64_t max_rows) {
  check_read_only(python_.get(), sql, dialect_);
  SqlAnswer answer{connection_id_, dialect_, {}};
  const auto start = Clock::now();
  const std::unique_ptr<Waiting> waiting = session_.wait_for_database();
  answer.result = executor_->execute(sql, {max_rows, cancelled(session_)});
  answer.duration = since(start);
  return answer;
}

}  // namespace ktx::app
