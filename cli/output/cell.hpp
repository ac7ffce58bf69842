#pragma once

#include <string>

#include "ktx/database/result.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// A cell in the words of a table or CSV file: reals in their shortest exact form, bytes in hexadecimal,
/// NULL as an empty text.
std::string cell_text(const database::Value& value);

/// A cell as a JSON value. JSON has no infinity, so that is the text "Infinity" or "-Infinity".
Json cell_json(const database::Value& value);

bool is_null(const database::Value& value);
bool is_number(const database::Value& value);

}  // namespace ktx::cli
