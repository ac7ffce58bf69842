#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/introspection.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

inline constexpr std::string_view generate_operation = "semantic-generate-sources";

/// A source that suggests itself for a table.
struct FirstSource {
  std::string name;
  Json definition;  ///< its mapping, as its file has it
};

struct FirstSources {
  std::vector<FirstSource> sources;
  std::vector<std::string> notes;  ///< what is not in them, in sentences
};

/// A source for each table, with measures, and with joins where foreign keys say so. Of two tables with one
/// name the first gets one. `dialect` is what names are written in. Throws the error of the reply.
FirstSources first_sources(Transport& transport, const std::vector<DatabaseTable>& tables,
                           const std::string& dialect);

}  // namespace ktx::semantic
