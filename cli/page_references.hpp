#pragma once

#include <string>
#include <vector>

#include "ktx/project/project.hpp"
#include "ktx/wiki/wiki.hpp"

namespace ktx::cli {

/// What in `refs` and `sl_refs` of a page leads nowhere, a line each. A reference to the semantic layer is a
/// source, or a measure, column or segment of one, behind its connection or not: "orders", "orders.revenue",
/// "shop.orders", "shop/orders.revenue".
std::vector<std::string> unknown_references(const project::Project& project, const wiki::Wiki& wiki,
                                            const std::vector<std::string>& refs,
                                            const std::vector<std::string>& sl_refs);

}  // namespace ktx::cli
