#pragma once

#include <string>
#include <vector>

#include "ktx/semantic/messages.hpp"

namespace ktx::cli {

/// "orders.status", or "orders.created_at:month" with a granularity. Throws a usage error for anything
/// else with a colon.
semantic::Dimension parse_dimension(const std::string& text);

/// "orders.n" or "orders.created_at:month", with ":asc" or ":desc" after it if wanted. Throws a usage error
/// for another direction or an empty field.
semantic::OrderBy parse_order_by(const std::string& text);

/// "orders,customers,regions": at least two names. Throws a usage error for anything else.
std::vector<std::string> parse_join_path(const std::string& text);

}  // namespace ktx::cli
