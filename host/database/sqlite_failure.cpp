#include "sqlite_failure.hpp"

#include <fcntl.h>

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "sqlite_file.hpp"

namespace ktx::database {
namespace {

constexpr std::string_view compiled_by_ktx =
    " The SQL was compiled by ktx; `--format sql` shows it. If the question and the model are right and it "
    "is "
    "not, please report it.";
constexpr const char* correct_the_path = "Correct the connection's path in ktx.yaml";

// A fix for the user's own SQL, or one for the question and the model that the statement was compiled from.
std::string fix_of(std::string own, const ExecuteOptions& options) {
  if (!options.compiled) return own;
  return "Correct the expression of the question or the model that this speaks of." +
         std::string(compiled_by_ktx);
}

// The first bytes of a file, by which formats are told apart.
std::string beginning_of_file(const std::filesystem::path& file) {
  const FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 16> bytes{};
  const ssize_t size = opened ? ::pread(opened.value(), bytes.data(), bytes.size(), 0) : 0;
  return {bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::string newer_sqlite() {
  return std::string("A newer SQLite than the ") + sqlite3_libversion() +
         " of this ktx wrote it, or it is encrypted: read it with what wrote it, and write a plain copy "
         "(`VACUUM INTO 'copy.db'`)";
}

std::string fix_of_foreign(const std::filesystem::path& file) {
  const std::string bytes = beginning_of_file(file);
  if (bytes.starts_with("SQLite format 3")) return newer_sqlite();
  if (bytes.size() > 11 && bytes.substr(8, 4) == "DUCK") {
    return "It is a DuckDB file: write `driver: duckdb` for the connection in ktx.yaml";
  }
  return correct_the_path;
}

std::string fix_of_unknown_name(const std::string& message, const std::filesystem::path& file,
                                const ExecuteOptions& options) {
  if (message.find(": no such function: ") != std::string::npos) {
    return fix_of(
        "Write it with functions that SQLite has (https://sqlite.org/lang_corefunc.html); now is "
        "datetime('now').",
        options);
  }
  if (beginning_of_file(file).empty()) return std::string("The file is empty. ") + correct_the_path;
  return options.compiled ? "Compare the model's tables, columns and functions with the database"
                          : "Correct the name, or the connection's path in ktx.yaml";
}

// Whether SQLite failed to write where only a reader is at work: it makes files beside a database in WAL
// mode, and undoes what a writer left half done.
bool wanted_to_write(int code, const std::filesystem::path& file) {
  if (code == SQLITE_READONLY) return true;
  return code == SQLITE_CANTOPEN && is_in_wal_mode(file);
}

Error cannot_write_beside(const std::filesystem::path& file) {
  const std::string folder = std::filesystem::absolute(file).parent_path().string();
  if (!is_in_wal_mode(file)) {
    return {ErrorKind::database,
            file.string() +
                " was left in the middle of a change, which SQLite must undo in the file before it "
                "can be read, and may not write here",
            "Open it once with a program that may write to it (`sqlite3 " + file.string() +
                " .tables`), or read a copy of it and its -journal file"};
  }
  return {
      ErrorKind::database,
      file.string() + " is in WAL mode, and its newest rows are in " + file.filename().string() +
          "-wal beside it: SQLite reads these only where it may read that file and write in " + folder,
      "Let this user write in that folder, or let the database's owner run `PRAGMA journal_mode = DELETE` in "
      "it, or name a copy of it as the connection's path in ktx.yaml"};
}

std::string fix_of_code(int code, const std::string& message, const std::filesystem::path& file,
                        const ExecuteOptions& options) {
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "Another process is writing to it: try again when that is done";
    case SQLITE_NOTADB: return fix_of_foreign(file);
    case SQLITE_CORRUPT:
      return "The file is damaged: put back a copy of it, or save what can be read with `sqlite3 " +
             file.string() + " .recover`";
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH: return "Make the file readable, or correct the connection's path in ktx.yaml";
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_NOMEM: return "Ask for less, or look at the disk and the memory of this machine";
    default: break;
  }
  if (message.ends_with(": unsupported file format")) return newer_sqlite();
  if (message.find(": no such ") != std::string::npos) return fix_of_unknown_name(message, file, options);
  return fix_of("Correct the SQL.", options);
}

}  // namespace

Error sqlite_failure(sqlite3* database, const std::filesystem::path& file, const std::string& what,
                     const ExecuteOptions& options) {
  std::string message = what + " on " + file.string() + ": " + sqlite3_errmsg(database);
  const int code = sqlite3_errcode(database);
  if (wanted_to_write(code, file)) return cannot_write_beside(file);
  std::string fix = fix_of_code(code, message, file, options);
  return {ErrorKind::database, std::move(message), std::move(fix)};
}

Error not_read_only(const std::string& why, const ExecuteOptions& options) {
  return {ErrorKind::database, "Only read-only SELECT/WITH queries can be executed locally: " + why + ".",
          fix_of("Run one SELECT statement.", options)};
}

Error took_too_long(const ExecuteOptions& options) {
  const auto seconds = std::chrono::duration<double>(options.time_limit).count();
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", seconds);
  return {ErrorKind::database,
          std::string("The database took too long: no answer within ") + text.data() + " seconds.",
          "Ask for less: a statement may take " + std::string(text.data()) + " seconds"};
}

}  // namespace ktx::database
