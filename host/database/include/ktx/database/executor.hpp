#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ktx/semantic/transport.hpp"
#include "ktx/util/json.hpp"

namespace ktx::database {

/// Bytes that are not text.
struct Blob {
  std::string bytes;

  bool operator==(const Blob&) const = default;
};

/// An exact number that neither 64 bits nor a double hold: a NUMERIC, a HUGEINT. Digits with an optional sign
/// and point, as the database has them ("12.30").
struct Decimal {
  std::string digits;

  bool operator==(const Decimal&) const = default;
};

/// One cell, typed as the database gave it; std::monostate is NULL. Dates and times are ISO 8601 texts.
using Value = std::variant<std::monostate, bool, std::int64_t, double, Decimal, std::string, Blob>;

/// What kind of values a column has, as far as the database says; SQLite says nothing.
enum class ColumnType : std::uint8_t { unknown, number, text, time, boolean, binary };

struct Result {
  std::vector<std::string> columns;      ///< names as the database gives them
  std::vector<ColumnType> types;         ///< one for each column, or empty
  std::vector<std::vector<Value>> rows;  ///< each as long as `columns`
  bool truncated = false;                ///< there were more rows than were asked for
  /// The columns, by their places, that hold a text which is not UTF-8. Only SQLite keeps such texts.
  std::vector<std::size_t> not_utf8 = {};
};

/// Lower-case hexadecimal digits, two a byte.
std::string to_hex(const Blob& blob);

struct ExecuteOptions {
  std::optional<std::int64_t> max_rows;  ///< reads no more rows than that
  /// Called every few thousand steps of SQLite; returning true stops the query with an `interrupted` error.
  std::function<bool()> interrupted;
  /// The time zone of the session; absent, that of the connection's settings, or UTC. SQLite has none.
  std::optional<std::string> timezone = std::nullopt;
  /// Whether ktx compiled the statement: its errors then ask to correct the question or the model, not the
  /// SQL.
  bool compiled = false;
  /// How long SQLite works on the statement; then it ends with a `database` error. The limit of every other
  /// database is that of the operation.
  std::chrono::milliseconds time_limit = std::chrono::seconds(30);
};

/// Runs read-only SQL on one database.
class Executor {
 public:
  virtual ~Executor() = default;

  /// Runs one SELECT or WITH statement to its end. Throws a `database` error for anything else, and for
  /// what the database refuses.
  virtual Result execute(const std::string& sql, const ExecuteOptions& options) = 0;
};

/// Reads the answer of the operation `database-query`, or another of its form. Throws an `internal` error
/// that names the member that is missing or wrong.
Result decode_result(const Json& answer);

/// The type's name in such an answer.
std::string_view type_name(ColumnType type);

/// A cell as such an answer has it: what JSON has no exact word for is an object of one member.
Json tagged_cell(const Value& value);

/// Returns the transport to Python, which reaches every database but SQLite. Called only when there is
/// something to ask.
using PythonSource = std::function<semantic::Transport&()>;

}  // namespace ktx::database
