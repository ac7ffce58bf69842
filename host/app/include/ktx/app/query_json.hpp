#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ktx/project/granularity.hpp"
#include "ktx/semantic/messages.hpp"
#include "ktx/util/json.hpp"

namespace ktx::app {

/// Reads a query as a query file and an agent write it: `measures` (texts, or objects with `expr` and
/// `name`), `dimensions` (texts, or objects with `field` and `granularity`), `filters`, `segments`,
/// `order_by`, `limit`, `include_empty`, `fill`, `compare`, `top`, `per`, `each_once`, `join_path`,
/// `timezone`. Throws a `query` error that begins with `what` and names the place
/// ("q.json: order_by[1].direction must be asc or desc"), with `fix`.
semantic::Query query_from_json(const Json& root, const std::string& what, const std::string& fix);

/// What may follow the colon of a time column.
using project::granularities;

/// Where the field ends and its colon stands, if it has one: at the first that is not in a quoted name, as in
/// shops."a:b":month. Else npos.
std::size_t end_of_field(std::string_view text);

/// Warnings of the planner: code, severity and message, and the place if they have one.
Json warnings_json(const std::vector<semantic::Warning>& warnings);

}  // namespace ktx::app
