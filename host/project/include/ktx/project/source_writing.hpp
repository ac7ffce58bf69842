#pragma once

#include <string>

#include "ktx/util/json.hpp"

namespace ktx::project {

/// The text of a source's file; `definition` is its mapping. Throws a `project` error when it is nested too
/// deeply.
std::string source_yaml(const Json& definition);

/// The name of the file for a source: its own name with what a file's name should not have as "_", and
/// ".yaml".
std::string source_file_name(const std::string& source);

}  // namespace ktx::project
