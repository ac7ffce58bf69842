#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/mcp/engine.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/search/search.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// What of a model has a name: a source, or a measure, dimension (a column that is not hidden) or segment of
/// one.
struct Field {
  std::string kind;  ///< "source", "measure", "dimension", "segment"
  std::string connection_id;
  std::string source;  ///< empty for `metric_time`, which is of none
  std::string name;    ///< of the source itself for a source
  std::string type;    ///< of a dimension, as the model says it; may be empty
  std::string expr;    ///< of a measure or a segment, or of a computed column; may be empty
  std::string description;
  std::string values;  ///< those that a column lists, for the search

  /// As a query names it: "orders.revenue", or "orders" for a source.
  std::string reference() const {
    if (kind == "source") return source;
    return source.empty() ? name : source + "." + name;
  }
};

/// The sources of connections, as they are read now.
struct Model {
  struct Entry {
    std::string connection_id;
    std::string path;  ///< of the file that declares it, relative to the project
    project::Source source;
  };

  std::vector<Entry> sources;     ///< sorted by connection and name
  std::vector<Finding> findings;  ///< what is wrong in the files

  const Entry* find(const std::optional<std::string>& connection_id, std::string_view name) const;
};

/// Reads the sources of one connection or of all.
Model read_model(const project::Project& project, const std::optional<std::string>& connection_id);

/// The fields of a source: the source itself, then its measures, dimensions and segments.
std::vector<Field> fields_of(const Model::Entry& entry);

/// Each measure's own time, as a dimension of a connection; std::nullopt where no source says what dates it.
std::optional<Field> metric_time_of(const Model& model, const std::string& connection_id);

/// A field that words are about.
struct FoundField {
  Field field;
  double score = 0;
};

/// What a search in words found.
struct FoundFields {
  std::vector<FoundField> fields;                                       ///< the best first
  std::vector<std::pair<std::string, search::DictionaryMatch>> values;  ///< by "connection/source"
  std::vector<std::string> notes;
};

/// What fields to look for.
struct FieldQuestion {
  std::string query;  ///< words
  std::optional<std::string> connection_id;
  std::vector<std::string> kinds;  ///< some of source, measure, dimension, segment
  std::size_t limit = 10;
};

/// Finds sources, measures, dimensions and segments of all kinds in `kinds` in one ranking: the sources by
/// the project's search, with meanings where those are set up, and their fields by words. Reads no row.
FoundFields find_fields(CallSession& session, const Engine& engine, const project::Project& project,
                        const Model& model, const FieldQuestion& question);

/// The field as an item of a result.
Json field_json(const Field& field);
Json field_schema();

}  // namespace ktx::mcp
