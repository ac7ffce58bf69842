#pragma once

#include <vector>

#include "ktx/database/executor.hpp"
#include "ktx/semantic/messages.hpp"

namespace ktx::app {

/// Makes a date of each midnight in the columns whose granularity is a day or longer: what a driver gives as
/// "2025-11-01T00:00:00", with or without a zone, becomes "2025-11-01". `columns` are those of the result.
void show_days_as_dates(const std::vector<semantic::OutputColumn>& columns, database::Result& result);

/// Leaves out the columns that are there only because a derived measure is made of them, from `columns` and
/// from the rows.
void leave_out_parts(std::vector<semantic::OutputColumn>& columns, database::Result& result);

}  // namespace ktx::app
