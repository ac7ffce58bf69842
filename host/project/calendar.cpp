#include "calendar.hpp"

#include <vector>

#include "file_shapes.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/util/error.hpp"
#include "shape.hpp"

namespace ktx::project {

void check_calendar(const yaml::Node& holder, const std::string& file) {
  // A copy: what is checked loses its empty members.
  yaml::Node checked = holder;
  const std::vector<std::string> files = {file};
  Findings findings(files);
  check_shape(checked, calendar_holder_shape, findings);
  if (!findings.found.empty()) throw to_error(findings.found.front(), ErrorKind::project);
}

Json calendar_of(const yaml::Node& holder, const Json& below) {
  Json calendar = below;
  const yaml::Node* stated = holder.find_value("calendar");
  if (stated == nullptr) return calendar;
  for (const char* key : {"week_start", "fiscal_year_start"}) {
    if (const auto value = stated->find_text(key)) calendar[key] = *value;
  }
  return calendar;
}

}  // namespace ktx::project
