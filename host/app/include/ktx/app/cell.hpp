#pragma once

#include <string>

#include "ktx/database/executor.hpp"
#include "ktx/util/json.hpp"

namespace ktx::app {

/// A cell as it stands in a CSV file: reals in their shortest exact form, bytes in hexadecimal, NULL as "".
std::string cell_text(const database::Value& value);

/// As `cell_text`, but reals have 15 significant digits, to hide the noise of binary fractions (0.1 + 0.2).
std::string cell_for_reading(const database::Value& value);

/// A cell as a JSON value. JSON has no numbers for infinity and NaN: they are the texts "Infinity",
/// "-Infinity" and "NaN".
Json cell_json(const database::Value& value);

bool is_null(const database::Value& value);
bool is_number(const database::Value& value);

}  // namespace ktx::app
