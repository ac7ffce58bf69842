#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/database/executor.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// One column of a result as people read it: every cell is one line of printable text.
struct ResultColumn {
  std::string header;
  std::vector<std::string> cells;
  std::vector<bool> nulls;  ///< which of the cells are NULL
  bool is_number = false;   ///< by its type if the database names one, else by its values
  std::size_t width = 0;    ///< of the widest cell, in terminal cells, without the header
};

/// The columns of a result. NULL becomes the word NULL, and a text that reads NULL gets quotes. Numbers are
/// padded so that their decimal points line up, unless that makes the column much wider.
std::vector<ResultColumn> make_columns(const std::vector<std::string>& headers,
                                       const database::Result& result);

/// One cell, without the padding that depends on its neighbours.
std::string shown_cell(const database::Value& value);

/// Whether the column holds numbers: by its type if the database names one, else if it has at least one
/// number and no values other than numbers and NULL.
bool is_number_column(const database::Result& result, std::size_t column);

}  // namespace ktx::cli
