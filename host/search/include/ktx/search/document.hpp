#pragma once

#include <compare>
#include <string>
#include <vector>

#include "ktx/project/source_tree.hpp"

namespace ktx::search {

/// A value that occurs in a column of a source.
struct ColumnValue {
  std::string column;
  std::string value;

  auto operator<=>(const ColumnValue&) const = default;
};

/// What the index holds about one source; nothing about what is hidden. Documents of other kinds belong to a
/// collection: the collection's name, which no connection can have, takes the place of the connection id, and
/// the members about databases are empty.
struct Document {
  std::string connection_id;
  std::string name;
  std::string title;    ///< the words of its name, which weigh more than other words
  std::string text;     ///< the title and everything else that the source says about itself, joined by ". "
  std::string meaning;  ///< what its vector is made of
  std::vector<ColumnValue> enum_values;   ///< as the columns' `enum_values` list them
  std::string relation;                   ///< what follows FROM: the table, or the SQL in parentheses
  std::vector<std::string> text_columns;  ///< the string columns that the relation itself has
};

/// The collection of the wiki's pages. The name of every collection begins with ':'.
inline constexpr const char* page_collection = ":wiki";

/// The words of a name: "order_items" is "order items".
std::string title_of(std::string name);

Document make_document(const std::string& connection_id, const project::Source& source);

/// The text that a source is found by: name, description, table, default time, columns, measures, joins,
/// tags and freshness, joined by ". ". Columns and measures that are hidden are left out.
std::string source_text(const project::Source& source);

/// What of it an embedding understands: the same in plain words, what matters most first, for only the
/// beginning of a long text counts (256 parts of words). Name, description, measures, segments, columns with
/// their values, and the table; names are parted into words. Keys, types, expressions and joins are left out.
std::string source_meaning(const project::Source& source);

/// The columns of a source that are not hidden. The source must outlive them.
std::vector<const yaml::Node*> visible_columns(const project::Source& source);

}  // namespace ktx::search
