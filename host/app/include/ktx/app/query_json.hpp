#pragma once

#include <string>

#include "ktx/semantic/messages.hpp"
#include "ktx/util/json.hpp"

namespace ktx::app {

/// Reads a query as a query file and an agent write it: `measures` (texts, or objects with `expr` and
/// `name`), `dimensions` (texts, or objects with `field` and `granularity`), `filters`, `segments`,
/// `order_by`, `limit`, `include_empty`, `join_path`, `timezone`. Throws a `query` error that begins with
/// `what` and names the place
/// ("q.json: order_by[1].direction must be asc or desc"), with `fix`.
semantic::Query query_from_json(const Json& root, const std::string& what, const std::string& fix);

}  // namespace ktx::app
