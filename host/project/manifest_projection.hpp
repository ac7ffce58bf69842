#pragma once

#include <string>
#include <string_view>

#include "ktx/project/source.hpp"

namespace ktx::project {

/// The semantic type of a database's column type: "number", "time", "boolean", else "string". Case and
/// what stands in parentheses do not count.
std::string_view map_column_type(std::string_view database_type);

/// The source that a manifest's table stands for: types mapped, time columns given their role, primary
/// key as grain (all columns when there is none), the old description keys gathered in `descriptions`.
/// `table` must have passed its shape; what did not is left out.
Source project_manifest_table(const YamlMember& table);

}  // namespace ktx::project
