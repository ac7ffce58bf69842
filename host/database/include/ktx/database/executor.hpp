#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ktx/database/result.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::database {

struct ExecuteOptions {
  std::optional<std::int64_t> max_rows;  ///< reads no more rows than that
  /// Asked every few thousand steps of SQLite; true stops the query with an `interrupted` error.
  std::function<bool()> interrupted;
  /// The time zone of the session; absent, that of the connection's settings, or UTC. SQLite has none.
  std::optional<std::string> timezone = std::nullopt;
  /// Whether ktx compiled the statement: what an error then asks to correct is the question or the model.
  bool compiled = false;
};

/// Runs read-only SQL on one database.
class Executor {
 public:
  virtual ~Executor() = default;

  /// Runs one SELECT or WITH statement to its end. Throws a `database` error for anything else, and for
  /// what the database refuses.
  virtual Result execute(const std::string& sql, const ExecuteOptions& options) = 0;
};

/// Gives the way to Python, which reaches every database but SQLite. Called when there is something to ask.
using PythonSource = std::function<semantic::Transport&()>;

}  // namespace ktx::database
