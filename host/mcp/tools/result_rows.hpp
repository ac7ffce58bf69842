#pragma once

#include <string>
#include <vector>

#include "ktx/database/executor.hpp"
#include "ktx/semantic/messages.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// The columns of a result, each with its name and type. The type is the database's word, else that of the
/// values, else "unknown". `result` is null if nothing was run.
Json columns_json(const std::vector<std::string>& names, const database::Result* result);

/// The same of a question, where `part` marks the measures that are there only because a derived one is made
/// of them.
Json columns_json(const std::vector<semantic::OutputColumn>& columns, const database::Result* result);

Json columns_schema();
Json question_columns_schema();
Json rows_schema();

}  // namespace ktx::mcp
