#pragma once

#include <string>
#include <vector>

#include "ktx/project/source.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {

/// The measures of a source that a question may name: all but those with `visibility: hidden`, which only
/// other measures use. The source must outlive them.
std::vector<const yaml::Node*> visible_measures(const Source& source);

/// The dimension that stands for each measure's own time. No source may have its name.
inline constexpr const char* metric_time = "metric_time";

/// The column that dates the rows of a source, as its `default_time_dimension` names it: "ordered_at", or
/// "orders.ordered_at" of a source that it looks up; empty if it has none.
std::string default_time_of(const Source& source);

/// Whether a question may name a measure or a column.
bool is_visible(const yaml::Node& node);

/// What a measure is made of, to be read: its `expr`, or "cumulative(revenue, '28 days')",
/// "to_date(revenue, 'month')", "offset(revenue, '1 year')",
/// "conversion(visits, orders.paid, person_id, '7 days')"; empty when it says nothing of it.
std::string expression_of(const yaml::Node& measure);

}  // namespace ktx::project
