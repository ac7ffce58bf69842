#pragma once

#include <memory>

#include "ktx/database/executor.hpp"
#include "ktx/util/json.hpp"

namespace ktx::database {

/// Runs SQL through the operation `database-query`; `connection` are the members of its request that name the
/// connection.
std::unique_ptr<Executor> open_remote(Json connection, PythonSource python);

/// Reads the operation's answer. Throws an `internal` error that names the member that is missing or wrong.
Result decode_result(const Json& answer);

}  // namespace ktx::database
