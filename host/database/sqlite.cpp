#include "ktx/database/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/spans.hpp"
#include "ktx/util/text.hpp"
#include "sqlite_failure.hpp"
#include "sqlite_file.hpp"
#include "statement_words.hpp"

namespace ktx::database {
namespace {

// Rare enough to cost nothing, often enough that Ctrl-C and the limit of time act at once.
constexpr int steps_between_checks = 4000;

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

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

// Has SQLite ask, for as long as this lives, whether the statement is to stop: SQLite itself knows no limit
// of time.
class Watch {
 public:
  Watch(sqlite3* database, const ExecuteOptions& options)
      : database_(database), options_(options), end_(Clock::now() + options.time_limit) {
    sqlite3_progress_handler(database_, steps_between_checks, ask_whether_to_stop, this);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { sqlite3_progress_handler(database_, 0, nullptr, nullptr); }

  /// Why SQLite stopped.
  Error error() const {
    return is_late_ ? took_too_long(options_) : Error(ErrorKind::interrupted, "The query was interrupted");
  }

 private:
  using Clock = std::chrono::steady_clock;

  static int ask_whether_to_stop(void* self) { return static_cast<Watch*>(self)->is_to_stop() ? 1 : 0; }

  bool is_to_stop() {
    is_late_ = Clock::now() >= end_;
    return is_late_ || (options_.interrupted && options_.interrupted());
  }

  sqlite3* database_;
  const ExecuteOptions& options_;
  Clock::time_point end_;
  bool is_late_ = false;
};

// The columns that hold a text which is no UTF-8, so that it can be shown in part only.
void note_text(const Value& value, std::size_t column, Result& result) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || !first_invalid_utf8(*text)) return;
  std::vector<std::size_t>& known = result.not_utf8;
  if (std::find(known.begin(), known.end(), column) == known.end()) known.push_back(column);
}

class SqliteExecutor : public Executor {
 public:
  explicit SqliteExecutor(std::filesystem::path path)
      : path_(std::move(path)), file_(std::make_unique<SqliteFile>(path_, true)) {}

  Result execute(const std::string& sql, const ExecuteOptions& options) override {
    const ScopedSpan span("execute");
    for (int attempt = 1;; ++attempt) {
      std::optional<Error> failed;
      Result result;
      try {
        result = run_once(sql, options);
      } catch (const Error& error) {
        failed = error;
      }
      if (file_->is_undisturbed()) {
        if (failed) throw *std::move(failed);
        return result;
      }
      // A writer came. Where that goes on, the last attempt takes turns with it by SQLite's own locks.
      file_ = std::make_unique<SqliteFile>(path_, attempt < attempts_alone);
    }
  }

 private:
  static constexpr int attempts_alone = 3;

  Result run_once(const std::string& sql, const ExecuteOptions& options) {
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
    return run(statement.get(), options);
  }

  Statement prepare_one(const std::string& sql, const ExecuteOptions& options) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    const int status =
        sqlite3_prepare_v2(file_->handle(), sql.c_str(), static_cast<int>(sql.size()) + 1, &statement, &tail);
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
    const Watch watch(file_->handle(), options);
    Result result;
    const int width = sqlite3_column_count(statement);
    for (int i = 0; i < width; ++i) result.columns.emplace_back(sqlite3_column_name(statement, i));
    int status = sqlite3_step(statement);
    for (; status == SQLITE_ROW; status = sqlite3_step(statement)) {
      if (options.max_rows && static_cast<std::int64_t>(result.rows.size()) == *options.max_rows) {
        result.truncated = true;
        return result;
      }
      std::vector<Value>& row = result.rows.emplace_back();
      row.reserve(result.columns.size());
      for (int i = 0; i < width; ++i) {
        row.push_back(value_at(statement, i));
        note_text(row.back(), static_cast<std::size_t>(i), result);
      }
    }
    if (status == SQLITE_INTERRUPT) throw watch.error();
    if (status != SQLITE_DONE) throw failure("SQLite failed to run the query", options);
    return result;
  }

  Error failure(const std::string& what, const ExecuteOptions& options) const {
    return sqlite_failure(file_->handle(), path_, what, options);
  }

  std::filesystem::path path_;
  std::unique_ptr<SqliteFile> file_;
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
  return std::make_unique<SqliteExecutor>(file);
}

void make_sqlite_database(const std::filesystem::path& file, const std::string& script) {
  // Made in memory, so that only whole databases reach the disk.
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open(":memory:", &handle);
  const std::unique_ptr<sqlite3, CloseSqlite> database(handle);
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
