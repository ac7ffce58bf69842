#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ktx/output/output_mode.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/json.hpp"

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

/// The row of one source of a connection's tree.
SourceListItem list_item(const project::SourceTree& tree, const project::Source& source,
                         std::string connection_id);

/// The members of an item in JSON.
Json item_json(const SourceListItem& item);

/// The fields of an item in a plain list, without a line end.
std::string plain_fields(const SourceListItem& item);

/// "5 cols · 3 measures · 1 join", and behind a dash the first line of the description.
std::string summary(const SourceListItem& item);

/// "1 source", "2 sources".
std::string counted(std::size_t count, const std::string& noun);

/// The whole text of the list, sorted as given.
std::string render_source_list(const std::vector<SourceListItem>& items, OutputMode mode);

}  // namespace ktx::cli
