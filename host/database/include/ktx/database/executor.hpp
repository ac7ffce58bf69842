#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ktx/database/result.hpp"
#include "ktx/project/config.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/environment.hpp"

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

/// Opens the connection's database: SQLite here, at once, and any other through `python` when a query runs.
/// Throws a `connection` error unless the connection is read-only, its driver is known and its settings name
/// a database and secrets that are there, and a `database` error when the database cannot be opened. What a
/// database refuses later is the error of the operation's reply.
std::unique_ptr<Executor> open_executor(const project::Connection& connection, const Environment& environment,
                                        const std::filesystem::path& project_directory,
                                        PythonSource python = {});

/// The file that the connection's database is, when `open_executor` would open one: a read-only SQLite
/// connection. Nothing for any other. Throws a `connection` error when the settings name no file.
std::optional<std::filesystem::path> database_file(const project::Connection& connection,
                                                   const Environment& environment,
                                                   const std::filesystem::path& project_directory);

}  // namespace ktx::database
