#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "context.hpp"
#include "ktx/app/query_json.hpp"
#include "ktx/semantic/messages.hpp"

namespace ktx::cli {

/// Reads a semantic query from a file, or from stdin for "-": a JSON object, in the format of query files of
/// the TypeScript ktx and its MCP tool. Throws a `query` error with the place of what is missing, ill-typed
/// or unknown, and an `io` error if the file cannot be read.
semantic::Query read_query_file(const std::string& file, const Context& context);

/// Reads a semantic query from a text, which errors call `what`.
semantic::Query parse_query(std::string_view text, const std::string& what);

/// Parses "orders.status", or "orders.created_at:month" with a granularity. Throws a `usage` error for
/// anything else with a colon.
semantic::Dimension parse_dimension(const std::string& text);

/// Parses "orders.n" or "orders.created_at:month", optionally followed by ":asc" or ":desc". Throws a `usage`
/// error for another direction or an empty field.
semantic::OrderBy parse_order_by(const std::string& text);

/// Parses "orders,customers,regions", at least two names. Throws a `usage` error for anything else.
std::vector<std::string> parse_join_path(const std::string& text);

}  // namespace ktx::cli
