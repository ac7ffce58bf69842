#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "output/output_mode.hpp"

namespace ktx::cli {

/// One row of `ktx sl list`.
struct SourceListItem {
  std::string connection_id;
  std::string name;
  std::string path;         ///< of the file that declares it, relative to the project
  std::string description;  ///< may be empty
  std::size_t columns = 0;
  std::size_t measures = 0;
  std::size_t joins = 0;
};

/// The whole text of the list, sorted as given.
std::string render_source_list(const std::vector<SourceListItem>& items, OutputMode mode);

}  // namespace ktx::cli
