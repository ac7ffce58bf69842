#pragma once

#include <string>
#include <string_view>

#include "context.hpp"
#include "ktx/semantic/messages.hpp"

namespace ktx::cli {

/// Reads a semantic query from a file, or from stdin for "-": a JSON object, in the form that query files of
/// the TypeScript ktx and its MCP tool have. Throws a `query` error that names the place of what is missing,
/// ill-typed or unknown, and an `io` error when the file cannot be read.
semantic::Query read_query_file(const std::string& file, const Context& context);

/// The same from a text, which errors call `what`.
semantic::Query parse_query(std::string_view text, const std::string& what);

}  // namespace ktx::cli
