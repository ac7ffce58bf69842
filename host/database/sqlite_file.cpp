#include "sqlite_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <string_view>

#include "ktx/util/error.hpp"

namespace ktx::database {
namespace {

constexpr int busy_timeout_ms = 5000;
// The bytes of an SQLite file that a reader locks (SHARED_FIRST and SHARED_SIZE in SQLite's os.h).
constexpr off_t shared_first = 0x40000002;
constexpr off_t shared_size = 510;
// In the file's header (https://sqlite.org/fileformat2.html): the version that is needed to read it; 2 is
// WAL.
constexpr std::size_t read_version_at = 19;
constexpr char wal_version = 2;

std::string beside(const std::filesystem::path& path, const char* suffix) { return path.string() + suffix; }

// The size of a file; 0 if there is none.
off_t size_of(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_size : 0;
}

// What differs once a file was written, made or taken away.
std::string state_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return "-";
  std::string state;
  for (const auto part :
       {static_cast<long long>(found.st_ino), static_cast<long long>(found.st_size),
        static_cast<long long>(found.st_mtim.tv_sec), static_cast<long long>(found.st_mtim.tv_nsec)}) {
    state += std::to_string(part) + " ";
  }
  return state;
}

std::string state_of_all(const std::filesystem::path& path) {
  return state_of(path.string()) + "; " + state_of(beside(path, "-wal"));
}

// The lock that every reader of SQLite has, so that nobody folds up the WAL meanwhile. It is the descriptor's
// and not the process's: SQLite closes descriptors of the same file. Empty if a writer has the whole
// database.
FileDescriptor shared_lock(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return file;
  struct flock wanted {};
  wanted.l_type = F_RDLCK;
  wanted.l_whence = SEEK_SET;
  wanted.l_start = shared_first;
  wanted.l_len = shared_size;
  if (::fcntl(file.value(), F_OFD_SETLK, &wanted) != 0) file.reset();
  return file;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("/._-~").find(c) != std::string_view::npos;
}

// The path as SQLite's URI.
std::string uri_of(const std::filesystem::path& path) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    std::array<char, 4> escaped{};
    std::snprintf(escaped.data(), escaped.size(), "%%%02X",
                  static_cast<unsigned int>(static_cast<unsigned char>(c)));
    uri += is_plain(c) ? std::string(1, c) : std::string(escaped.data());
  }
  return uri;
}

}  // namespace

SqliteFile::SqliteFile(const std::filesystem::path& path, bool alone) : path_(path) {
  // Another process that has the database open holds a -shm file; when the WAL is empty all is in the
  // database.
  const bool is_wal = alone && is_in_wal_mode(path);
  const bool has_wal = size_of(beside(path, "-wal")) > 0;
  if (is_wal && !(has_wal && path_exists(beside(path, "-shm")))) lock_ = shared_lock(path);
  if (!lock_) {
    open(path.string(), false);
    return;
  }
  before_ = state_of_all(path);
  // A WAL with contents is read too, indexed in memory: SQLite does so when it need not lock.
  open(uri_of(path) + (has_wal ? "?vfs=unix-none" : "?immutable=1"), has_wal);
}

void SqliteFile::open(const std::string& address, bool alone) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READONLY | (lock_ ? SQLITE_OPEN_URI : 0);
  const int status = sqlite3_open_v2(address.c_str(), &handle, flags, nullptr);
  database_.reset(handle);
  if (status != SQLITE_OK) {
    throw Error(ErrorKind::database, "Cannot open " + path_.string() + ": " + sqlite3_errstr(status),
                "Make the file readable, or correct the connection's path in ktx.yaml");
  }
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  if (alone) {
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, static_cast<int*>(nullptr));
    sqlite3_exec(handle, "PRAGMA locking_mode = EXCLUSIVE", nullptr, nullptr, nullptr);
  }
  // Beside the open flag and the look at each statement, one more line of defence.
  sqlite3_exec(handle, "PRAGMA query_only = 1", nullptr, nullptr, nullptr);
}

bool SqliteFile::is_undisturbed() const { return before_.empty() || before_ == state_of_all(path_); }

bool is_in_wal_mode(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, read_version_at + 1> header{};
  if (!file ||
      ::pread(file.value(), header.data(), header.size(), 0) != static_cast<ssize_t>(header.size())) {
    return false;
  }
  return std::string_view(header.data(), 15) == "SQLite format 3" && header[read_version_at] == wal_version;
}

}  // namespace ktx::database
