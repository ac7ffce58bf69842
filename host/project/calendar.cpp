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
  if (const yaml::Node* stated = holder.find_value("calendar")) {
    for (const char* key : {"week_start", "fiscal_year_start"}) {
      if (const auto value = stated->find_text(key)) calendar[key] = *value;
    }
  }
  if (const yaml::Node* spine = holder.find_value("time_spine")) {
    calendar["time_spine"] = {{"source", spine->find_text("source").value_or("")},
                              {"column", spine->find_text("column").value_or("")}};
  }
  return calendar;
}

}  // namespace ktx::project
