#pragma once

#include <compare>
#include <string>
#include <vector>

#include "ktx/project/source_tree.hpp"

namespace ktx::search {

/// A value that a column of a source is known to have.
struct ColumnValue {
  std::string column;
  std::string value;

  auto operator<=>(const ColumnValue&) const = default;
};

/// What the index holds of one source. Of hidden columns it holds nothing. Documents of another kind are in
/// a collection: a name that no connection can have stands in the place of theirs, and what is about
/// databases is empty.
struct Document {
  std::string connection_id;
  std::string name;
  std::string title;  ///< the words of its name, which count for more than the others
  std::string text;   ///< what the source says of itself, parts joined by ". "; its title too
  std::vector<ColumnValue> enum_values;   ///< as the columns' `enum_values` list them
  std::string relation;                   ///< what stands behind FROM: the table, or the SQL in parentheses
  std::vector<std::string> text_columns;  ///< the string columns that the relation itself has
};

/// The collection of the pages of the wiki; as every collection's, its name begins with ':'.
inline constexpr const char* page_collection = ":wiki";

/// The words of a name: "order_items" is "order items".
std::string title_of(std::string name);

Document make_document(const std::string& connection_id, const project::Source& source);

/// The text that a source is found by: name, description, table, default time, columns, measures, joins,
/// tags and freshness, joined by ". ". Columns that are hidden are left out.
std::string source_text(const project::Source& source);

/// The columns of a source that are not hidden. The source must outlive them.
std::vector<const yaml::Node*> visible_columns(const project::Source& source);

}  // namespace ktx::search
