#pragma once

#include <memory>

#include "ktx/database/executor.hpp"
#include "ktx/util/json.hpp"

namespace ktx::database {

/// Runs SQL through the operation `database-query`; `connection` are the members of its request that name the
/// connection.
std::unique_ptr<Executor> open_remote(Json connection, PythonSource python);

}  // namespace ktx::database
