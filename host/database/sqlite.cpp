#include "ktx/database/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::database {
namespace {

constexpr std::string_view white_space = " \t\r\n\f\v";

// Takes one comment off the front; false when there is none.
bool take_comment(std::string_view& sql) {
  std::string_view end;
  if (sql.starts_with("--")) {
    end = "\n";
  } else if (sql.starts_with("/*")) {
    end = "*/";
  } else {
    return false;
  }
  const auto found = sql.find(end, 2);
  sql.remove_prefix(found == std::string_view::npos ? sql.size() : found + end.size());
  return true;
}

std::string_view without_leading(std::string_view sql, std::string_view characters) {
  do {
    const auto first = sql.find_first_not_of(characters);
    sql.remove_prefix(first == std::string_view::npos ? sql.size() : first);
  } while (take_comment(sql));
  return sql;
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool begins_with_word(std::string_view sql, std::string_view word) {
  if (sql.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    // Sets the bit that makes an ASCII letter lower-case.
    if ((static_cast<unsigned char>(sql[i]) | 0x20U) != static_cast<unsigned char>(word[i])) return false;
  }
  return sql.size() == word.size() || !is_word_character(sql[word.size()]);
}

// Whether the statement begins, after white space and comments, with SELECT or WITH. Only a first
// defence: the database is opened read-only too.
bool is_select(std::string_view sql) {
  const std::string_view statement = without_leading(sql, white_space);
  return begins_with_word(statement, "select") || begins_with_word(statement, "with");
}

// Whether nothing but white space, comments and semicolons is left.
bool is_blank(std::string_view sql) { return without_leading(sql, " \t\r\n\f\v;").empty(); }

// The first word of the next statement, after white space, comments and semicolons; empty when there is
// none.
std::string first_word(std::string_view sql) {
  const std::string_view statement = without_leading(sql, " \t\r\n\f\v;");
  std::size_t length = 0;
  while (length < statement.size() && is_word_character(statement[length])) ++length;
  return std::string(statement.substr(0, length));
}

// Wraps the statement, which must not end in a semicolon, so that it returns at most `max_rows` rows.
std::string limit_rows(std::string_view sql, std::int64_t max_rows) {
  // On a line of its own: a comment at the statement's end must not swallow the parenthesis.
  return "select * from (\n" + std::string(sql) + "\n) as ktx_query_result limit " + std::to_string(max_rows);
}

constexpr int busy_timeout_ms = 5000;
// Rare enough to cost nothing, often enough that Ctrl-C acts at once.
constexpr int steps_between_checks = 4000;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

constexpr std::string_view compiled_by_ktx =
    " The SQL was compiled by ktx; `--format sql` shows it. If the question and the model are right and it "
    "is "
    "not, please report it.";

// A fix for the user's own SQL, or one for the question and the model that the statement was compiled from.
std::string fix_of(std::string own, const ExecuteOptions& options) {
  if (!options.compiled) return own;
  return "Correct the expression of the question or the model that this speaks of." +
         std::string(compiled_by_ktx);
}

Error not_read_only(const std::string& why, const ExecuteOptions& options) {
  return {ErrorKind::database, "Only read-only SELECT/WITH queries can be executed locally: " + why + ".",
          fix_of("Run one SELECT statement.", options)};
}

// ", which begins with DELETE", or nothing when it begins with no word.
std::string beginning_of(std::string_view sql) {
  const std::string word = first_word(sql);
  return word.empty() ? "" : ", which begins with `" + word + "`";
}

std::string bytes_of(const void* data, int size) {
  return size == 0 ? std::string()
                   : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Value value_at(sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER: return sqlite3_column_int64(row, column);
    case SQLITE_FLOAT: return sqlite3_column_double(row, column);
    case SQLITE_TEXT: {
      const void* text =
          sqlite3_column_text(row, column);  // first: it may convert the value and change its size
      return bytes_of(text, sqlite3_column_bytes(row, column));
    }
    case SQLITE_BLOB: {
      const void* bytes = sqlite3_column_blob(row, column);
      return Blob{bytes_of(bytes, sqlite3_column_bytes(row, column))};
    }
    // SQLITE_NULL.
    default: return std::monostate{};
  }
}

int ask_whether_interrupted(void* options) {
  return static_cast<const ExecuteOptions*>(options)->interrupted() ? 1 : 0;
}

// Has SQLite ask, for as long as this lives, whether the query is to stop.
class InterruptCheck {
 public:
  InterruptCheck(sqlite3* database, const ExecuteOptions& options) : database_(database) {
    if (!options.interrupted) return;
    // SQLite takes a pointer to non-const; the callback only reads.
    auto* context = const_cast<ExecuteOptions*>(&options);
    sqlite3_progress_handler(database_, steps_between_checks, ask_whether_interrupted, context);
  }
  InterruptCheck(const InterruptCheck&) = delete;
  InterruptCheck& operator=(const InterruptCheck&) = delete;
  ~InterruptCheck() { sqlite3_progress_handler(database_, 0, nullptr, nullptr); }

 private:
  sqlite3* database_;
};

class SqliteExecutor : public Executor {
 public:
  SqliteExecutor(Database database, std::filesystem::path file)
      : database_(std::move(database)), file_(std::move(file)) {}

  Result execute(const std::string& sql, const ExecuteOptions& options) override {
    const ScopedSpan span("execute");
    if (is_blank(sql)) throw not_read_only("there is no statement", options);
    if (!is_select(sql)) throw not_read_only("this is another statement" + beginning_of(sql), options);
    Statement statement = prepare_one(sql, options);
    if (options.max_rows) {
      // Only now, because the statement is known to be a single one: wrapping cannot join two.
      // One row more than wanted tells whether there are more.
      const std::int64_t limit =
          std::min(*options.max_rows, std::numeric_limits<std::int64_t>::max() - 1) + 1;
      statement = prepare_one(limit_rows(statement_text(statement.get()), limit), options);
    }
    const InterruptCheck check(database_.get(), options);
    return run(statement.get(), options);
  }

 private:
  Statement prepare_one(const std::string& sql, const ExecuteOptions& options) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    const int status =
        sqlite3_prepare_v2(database_.get(), sql.c_str(), static_cast<int>(sql.size()) + 1, &statement, &tail);
    Statement owner(statement);
    if (status != SQLITE_OK) throw failure("SQLite refused the query", options);
    if (!is_blank(tail)) throw not_read_only("a second statement follows" + beginning_of(tail), options);
    // `WITH … DELETE` begins like a query.
    if (sqlite3_stmt_readonly(statement) == 0) throw not_read_only("this one would write", options);
    return owner;
  }

  // The statement as prepared, without the semicolon that may end it.
  static std::string statement_text(sqlite3_stmt* statement) {
    std::string text = sqlite3_sql(statement);
    if (text.ends_with(';')) text.pop_back();
    return text;
  }

  Result run(sqlite3_stmt* statement, const ExecuteOptions& options) {
    const std::optional<std::int64_t> max_rows = options.max_rows;
    Result result;
    const int width = sqlite3_column_count(statement);
    for (int i = 0; i < width; ++i) result.columns.emplace_back(sqlite3_column_name(statement, i));
    int status = sqlite3_step(statement);
    for (; status == SQLITE_ROW; status = sqlite3_step(statement)) {
      if (max_rows && static_cast<std::int64_t>(result.rows.size()) == *max_rows) {
        result.truncated = true;
        return result;
      }
      std::vector<Value>& row = result.rows.emplace_back();
      row.reserve(result.columns.size());
      for (int i = 0; i < width; ++i) row.push_back(value_at(statement, i));
    }
    if (status == SQLITE_INTERRUPT) throw Error(ErrorKind::interrupted, "The query was interrupted");
    if (status != SQLITE_DONE) throw failure("SQLite failed to run the query", options);
    return result;
  }

  Error failure(const std::string& what, const ExecuteOptions& options) const {
    std::string message = what + " on " + file_.string() + ": " + sqlite3_errmsg(database_.get());
    // Right after the failed call: the next one overwrites it.
    const int code = sqlite3_errcode(database_.get());
    if (code == SQLITE_BUSY)
      return {ErrorKind::database, std::move(message), "Try again when its writer is done"};
    if (code == SQLITE_NOTADB)
      return {ErrorKind::database, std::move(message), "Name an SQLite file in ktx.yaml"};
    if (message.find(": no such ") != std::string::npos) {
      return {ErrorKind::database, std::move(message),
              options.compiled ? "Compare the model's tables, columns and functions with the database"
                               : "Correct the name, or the connection's path in ktx.yaml"};
    }
    return {ErrorKind::database, std::move(message), fix_of("Correct the SQL.", options)};
  }

  Database database_;
  std::filesystem::path file_;
};

struct FreeBytes {
  void operator()(void* bytes) const { sqlite3_free(bytes); }
};

}  // namespace

std::unique_ptr<Executor> open_sqlite(const std::filesystem::path& file) {
  const ScopedSpan span("open database");
  // SQLite says only "unable to open database file".
  if (!path_exists(file)) {
    throw Error(ErrorKind::database, "There is no SQLite database at " + file.string(),
                "Correct the connection's path in ktx.yaml");
  }
  sqlite3* handle = nullptr;
  const int status = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
  Database database(handle);
  if (status != SQLITE_OK) {
    throw Error(ErrorKind::database, "Cannot open " + file.string() + ": " + sqlite3_errstr(status),
                "Make the file readable, or correct the connection's path in ktx.yaml");
  }
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  // Beside the open flag and the look at each statement, one more line of defence.
  sqlite3_exec(handle, "PRAGMA query_only = 1", nullptr, nullptr, nullptr);
  return std::make_unique<SqliteExecutor>(std::move(database), file);
}

void make_sqlite_database(const std::filesystem::path& file, const std::string& script) {
  // Made in memory, so that only whole databases reach the disk.
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open(":memory:", &handle);
  const Database database(handle);
  if (opened != SQLITE_OK) throw Error(ErrorKind::database, "Cannot open a SQLite database in memory");
  if (sqlite3_exec(handle, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw Error(ErrorKind::database, "Cannot make " + file.string() + ": " + sqlite3_errmsg(handle));
  }
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, FreeBytes> bytes(sqlite3_serialize(handle, "main", &size, 0));
  if (!bytes) throw Error(ErrorKind::database, "Cannot make " + file.string() + ": not enough memory");
  const auto* text = reinterpret_cast<const char*>(bytes.get());
  write_user_file(file, {text, static_cast<std::size_t>(size)});
}

}  // namespace ktx::database
