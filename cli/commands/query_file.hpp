#pragma once

#include <string>
#include <string_view>

#include "context.hpp"
#include "ktx/semantic/messages.hpp"

namespace ktx::cli {

/// Reads a semantic query, a JSON object as upstream's query files and the MCP tool have it, from a file or,
/// for
/// "-", from stdin. Throws a `query` error that names the place of what is missing, ill-typed or unknown, and
/// an `io` error when the file cannot be read.
semantic::Query read_query_file(const std::string& file, const Context& context);

/// The same from a text, which errors call `what`.
semantic::Query parse_query(std::string_view text, const std::string& what);

}  // namespace ktx::cli
