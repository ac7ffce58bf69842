#pragma once

#include "ktx/database/executor.hpp"
#include "ktx/semantic/messages.hpp"

namespace ktx::app {

/// Looks for values that cannot be read as times in columns that the query compares as times. Throws a
/// `model` error that names the column, a value and what to write, for the answer would be wrong.
void refuse_unreadable_times(database::Executor& executor, const semantic::CompiledQuery& compiled);

/// Looks for such values in columns that the query groups by, and adds a warning for each: they stand in a
/// group of their own.
void warn_of_unreadable_times(database::Executor& executor, semantic::CompiledQuery& compiled);

}  // namespace ktx::app
