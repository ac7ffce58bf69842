#include "index_place.hpp"

#include <system_error>
#include <utility>

#include "index_schema.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::search {
namespace {

namespace fs = std::filesystem;

constexpr const char* shown_file = ".ktx/db.sqlite";
constexpr std::string_view ignored_files =
    "# What ktx keeps for itself on this machine; it is made anew when it is missing.\ndb.sqlite*\n*.lock\n";

/// Opens, mends and replaces the file of one project.
class IndexFile {
 public:
  explicit IndexFile(const IndexPlace& place)
      : place_(place), folder_(place.project_directory / ".ktx"), file_(folder_ / "db.sqlite") {}

  SqliteConnection open() const {
    return {file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, place_.busy_timeout_ms};
  }

  /// Makes the folder, with the file that keeps it out of git. Throws `io`.
  void make_folder() const {
    std::error_code fault;
    fs::create_directory(folder_, fault);
    if (fault) throw system_error("Cannot make", folder_.string(), fault.value());
    const fs::path ignore = folder_ / ".gitignore";
    // Whoever has removed it later has done so on purpose.
    if (!path_exists(file_) && !path_exists(ignore)) write_file_atomically(ignore, ignored_files);
  }

  /// Makes a damaged index usable again; returns how.
  std::string mend() const {
    const FileLock lock = FileLock::acquire(folder_ / "db.sqlite.lock", LockMode::exclusive);
    if (is_sound()) {
      SqliteConnection database = open();
      drop_tables(database);
      return "The search index in " + std::string(shown_file) + " was damaged and is made anew";
    }
    return std::string(shown_file) + " was damaged; it is now " + move_aside() +
           ", and the search index is made anew";
  }

  /// The same when dropping the tables was not enough.
  std::string replace() const {
    const FileLock lock = FileLock::acquire(folder_ / "db.sqlite.lock", LockMode::exclusive);
    return std::string(shown_file) + " was damaged; it is now " + move_aside() +
           ", and the search index is made anew";
  }

  /// A copy in memory of what the file has, empty where it cannot be read.
  SqliteConnection copy() const {
    SqliteConnection memory = SqliteConnection::in_memory();
    if (!path_exists(file_)) return memory;
    try {
      const SqliteConnection source(file_, SQLITE_OPEN_READONLY, 0);
      memory.copy_from(source);
      ensure_tables(memory);
    } catch (const SqliteFailure&) {
      return SqliteConnection::in_memory();
    }
    return memory;
  }

 private:
  /// Whether SQLite finds the file itself in order. It does not look into full-text tables.
  bool is_sound() const {
    try {
      const SqliteConnection database = open();
      SqliteStatement check = database.prepare("PRAGMA quick_check(1)");
      return check.step() && check.text(0) == "ok";
    } catch (const SqliteFailure& failure) {
      if (failure.is_damage()) return false;
      throw;
    }
  }

  /// Renames the database and what SQLite has beside it, which must not be applied to its successor.
  std::string move_aside() const {
    std::string name = "db.sqlite.damaged";
    for (int i = 2; path_exists(folder_ / name); ++i) name = "db.sqlite.damaged-" + std::to_string(i);
    for (const char* suffix : {"-journal", "-wal", "-shm", ""}) {
      const fs::path from = file_.string() + suffix;
      if (!path_exists(from)) continue;
      std::error_code fault;
      fs::rename(from, folder_ / (name + suffix), fault);
      if (fault) throw system_error("Cannot rename", from.string(), fault.value());
    }
    return ".ktx/" + name;
  }

  const IndexPlace& place_;
  fs::path folder_;
  fs::path file_;
};

/// Tries the file until it works or nothing more can be done for it.
class Attempts {
 public:
  Attempts(const IndexPlace& place, const std::function<void(Index&)>& work)
      : file_(place), anew_(place.anew), work_(work) {}

  std::vector<std::string> run() {
    if (!run_on_file()) run_in_memory();
    return std::move(notes_);
  }

 private:
  bool run_on_file() {
    constexpr int most_attempts = 3;
    for (int attempt = 1;; ++attempt) {
      try {
        run_once();
        return true;
      } catch (const SqliteFailure& failure) {
        if (!failure.is_damage() || attempt == most_attempts || !mend(attempt)) {
          if (reason_.empty()) reason_ = failure.message;
          return false;
        }
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::io) throw;
        reason_ = error.message();
        return false;
      }
    }
  }

  void run_once() {
    file_.make_folder();
    SqliteConnection database = file_.open();
    if (std::exchange(anew_, false)) drop_tables(database);
    Index index(std::move(database));
    work_(index);
  }

  /// Whether the file can be tried again.
  bool mend(int attempt) {
    try {
      notes_.push_back(attempt == 1 ? file_.mend() : file_.replace());
      return true;
    } catch (const SqliteFailure& failure) {
      reason_ = failure.message;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      reason_ = error.message();
    }
    return false;
  }

  void run_in_memory() {
    notes_.push_back("The search index cannot be kept in " + std::string(shown_file) + " (" + reason_ +
                     "); it is made in memory, for this search only");
    try {
      Index index(file_.copy());
      work_(index);
      return;
    } catch (const SqliteFailure& failure) {
      if (!failure.is_damage()) throw defect(failure);
    }
    try {  // what was copied is damaged too
      Index index(SqliteConnection::in_memory());
      work_(index);
    } catch (const SqliteFailure& failure) {
      throw defect(failure);
    }
  }

  static Error defect(const SqliteFailure& failure) {
    return {ErrorKind::internal, "The search index failed in memory: " + failure.message,
            "This is a defect of ktx; please report it with the command that you ran"};
  }

  IndexFile file_;
  bool anew_;
  const std::function<void(Index&)>& work_;
  std::string reason_;
  std::vector<std::string> notes_;
};

}  // namespace

std::vector<std::string> with_index(const IndexPlace& place, const std::function<void(Index&)>& work) {
  return Attempts(place, work).run();
}

}  // namespace ktx::search
