#pragma once

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

}  // namespace ktx::search
