#pragma once

#include <filesystem>
#include <memory>

#include "ktx/database/executor.hpp"

namespace ktx::database {

/// Opens an SQLite file, which must exist, for reading only. Throws a `database` error when it cannot.
std::unique_ptr<Executor> open_sqlite(const std::filesystem::path& file);

}  // namespace ktx::database
