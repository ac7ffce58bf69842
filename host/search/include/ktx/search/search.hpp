#pragma once

#include <string>
#include <vector>

#include "ktx/project/project.hpp"
#include "ktx/search/document.hpp"
#include "ktx/search/search_types.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::search {

/// Finds the sources that a query in words is about. `documents` are the sources to search, sorted by
/// connection and name. The index is in `.ktx/db.sqlite` of the project and is updated first; if that is not
/// possible, it is built in memory, with a note. A word that is nearly one of the documents' words, and none
/// of its own, is searched for as that, with a note. An empty query lists everything with score 1.
///
/// Throws only for a signal or a defect: a lane that cannot work is reported in the answer.
Answer search(const project::Project& project, const Environment& environment,
              const std::vector<Document>& documents, const Request& request, const Embeddings& embeddings);

/// As `search`, by words alone, over documents that are in no index and whose values are not looked up: the
/// index is made in memory, so they should be few. All are of the collection `request.connection_id`.
Answer search_in_memory(const std::vector<Document>& documents, const Request& request);

/// The values of a source's columns that the index holds, by column: those that its columns list, and those
/// that the last search read of its database. Empty before the first search.
std::vector<ColumnValue> known_values(const project::Project& project, const std::string& connection_id,
                                      const std::string& source);

}  // namespace ktx::search
