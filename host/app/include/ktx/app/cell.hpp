#pragma once

#include <string>

#include "ktx/database/executor.hpp"
#include "ktx/util/json.hpp"

namespace ktx::app {

/// A cell as it stands in a CSV file: reals in their shortest exact form, bytes in hexadecimal, NULL as "".
std::string cell_text(const database::Value& value);

/// As `cell_text`, but reals have 15 significant digits, to hide the noise of binary fractions (0.1 + 0.2).
std::string cell_for_reading(const database::Value& value);

/// A cell as a JSON value, by one rule for every database: a number is a JSON number where a double holds it
/// exactly, else a text of its digits. So are whole numbers beyond 2^53 - 1, and decimals of more than 15
/// significant digits, without the zeros at their end. JSON has no numbers for infinity and NaN: they are the
/// texts "Infinity", "-Infinity" and "NaN".
Json cell_json(const database::Value& value);

/// The rows, each a list of its cells. Here, so that it is compiled for speed with whoever writes many rows.
inline Json rows_json(const database::Result& result) {
  Json rows = Json::array();
  for (const auto& row : result.rows) {
    Json& cells = rows.emplace_back(Json::array());
    for (const database::Value& value : row) cells.push_back(cell_json(value));
  }
  return rows;
}

/// What to say of the column `name` if it is among `database::Result::not_utf8`.
std::string not_utf8_text(const std::string& name);

bool is_null(const database::Value& value);
bool is_number(const database::Value& value);

}  // namespace ktx::app
