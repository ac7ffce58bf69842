#include "ktx/database/sqlite_script.hpp"

#include <sqlite3.h>

#include <memory>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::database {
namespace {

struct CloseScratch {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};

struct FreeBytes {
  void operator()(void* bytes) const { sqlite3_free(bytes); }
};

}  // namespace

void make_sqlite_database(const std::filesystem::path& file, const std::string& script) {
  // Made in memory, so that only whole databases reach the disk.
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open(":memory:", &handle);
  const std::unique_ptr<sqlite3, CloseScratch> database(handle);
  if (opened != SQLITE_OK) throw Error(ErrorKind::database, "Cannot open a SQLite database in memory");
  if (sqlite3_exec(handle, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw Error(ErrorKind::database, "Cannot make " + file.string() + ": " + sqlite3_errmsg(handle));
  }
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, FreeBytes> bytes(sqlite3_serialize(handle, "main", &size, 0));
  if (!bytes) throw Error(ErrorKind::database, "Cannot make " + file.string() + ": not enough memory");
  const auto* text = reinterpret_cast<const char*>(bytes.get());
  write_file_atomically(file, {text, static_cast<std::size_t>(size)});
}

}  // namespace ktx::database
