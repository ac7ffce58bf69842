#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/database/executor.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// A result as people read it, column by column: every cell one line of printable text.
struct ResultColumn {
  std::string header;
  std::vector<std::string> cells;
  std::vector<bool> nulls;  ///< which of the cells are NULL
  bool is_number = false;   ///< by its type where the database told one, else by its values
  std::size_t width = 0;    ///< of the widest cell, in terminal cells; the header is not counted
};

/// NULL is the word NULL; a text that reads the same gets quotes. Numbers of one column have their points
/// below each other, where that does not make the column much wider.
std::vector<ResultColumn> make_columns(const std::vector<std::string>& headers,
                                       const database::Result& result);

/// One cell of them, without regard to its neighbours.
std::string shown_cell(const database::Value& value);

/// Whether the column holds numbers: its type where the database told one, else no other values than numbers
/// and NULLs, and at least one number.
bool is_number_column(const database::Result& result, std::size_t column);

/// What JSON calls a type, in answers of `ktx sql` and in requests over the seam: "number", "unknown".
std::string_view type_name(database::ColumnType type);

/// The rows as a list of lists, cell by cell as `app::cell_json` has them.
Json rows_json(const database::Result& result);

}  // namespace ktx::cli
