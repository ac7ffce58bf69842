#include "sqlite_connection.hpp"

#include <utility>

namespace ktx::search {
namespace {

constexpr int primary_code = 0xFF;  // the low byte of an extended result code

SqliteFailure failure_of(sqlite3* database, int code) {
  const char* message = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  return {code & primary_code, message};
}

}  // namespace

SqliteStatement::SqliteStatement(sqlite3* database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
  check(code);
}

void SqliteStatement::check(int code) const {
  if (code != SQLITE_OK) throw failure_of(database_, code);
}

SqliteStatement& SqliteStatement::bind(int parameter, std::string_view text) {
  // A null pointer would bind NULL.
  check(sqlite3_bind_text64(statement_.get(), parameter, text.data() == nullptr ? "" : text.data(),
                            text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, std::int64_t number) {
  check(sqlite3_bind_int64(statement_.get(), parameter, number));
  return *this;
}

SqliteStatement& SqliteStatement::bind_bytes(int parameter, std::string_view bytes) {
  check(sqlite3_bind_blob64(statement_.get(), parameter, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
  return *this;
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  std::string message = sqlite3_errmsg(database_);
  sqlite3_reset(statement_.get());
  throw SqliteFailure{code & primary_code, std::move(message)};
}

void SqliteStatement::run() {
  while (step()) continue;
  reset();
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::string SqliteStatement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return size == 0 ? std::string()
                   : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double SqliteStatement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

SqliteConnection::SqliteConnection(const std::filesystem::path& file, int flags, int busy_timeout_ms) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  // sqlite3_open_v2 gives a handle even if it fails, and it must be closed.
  handle_.reset(handle);
  if (code != SQLITE_OK) throw failure_of(handle, code);
  sqlite3_busy_timeout(handle, busy_timeout_ms);
}

SqliteConnection SqliteConnection::in_memory() {
  return {":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, 0};
}

void SqliteConnection::run(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw failure_of(handle_.get(), code);
}

void SqliteConnection::copy_from(const SqliteConnection& source) {
  sqlite3_backup* backup = sqlite3_backup_init(handle(), "main", source.handle(), "main");
  if (backup == nullptr) throw failure_of(handle(), sqlite3_errcode(handle()));
  const int code = sqlite3_backup_step(backup, -1);  // all pages
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) throw SqliteFailure{code & primary_code, sqlite3_errstr(code)};
}

Transaction::Transaction(SqliteConnection& connection, Kind kind) : connection_(connection) {
  // IMMEDIATE takes the write lock now: a transaction that reads first and then writes may get SQLITE_BUSY
  // without any wait.
  connection_.run(kind == Kind::writing ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  // An error may have rolled the transaction back already; this ROLLBACK then fails, which does no harm.
  if (open_) sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  connection_.run("COMMIT");
  open_ = false;
}

}  // namespace ktx::search
