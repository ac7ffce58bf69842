#include "calendar.hpp"

#include <set>
#include <string>
#include <vector>

#include "file_shapes.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/project/granularity.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"
#include "shape.hpp"

namespace ktx::project {
namespace {

Json time_spine_of(const yaml::Node& spine) {
  Json json = {{"source", spine.find_text("source").value_or("")},
               {"column", spine.find_text("column").value_or("")}};
  const yaml::Node* custom = spine.find_value("custom_granularities");
  if (custom == nullptr || custom->items.empty()) return json;
  for (const yaml::Node& item : custom->items) {
    json["custom_granularities"].push_back(
        {{"name", item.find_text("name").value_or("")}, {"column", item.find_text("column").value_or("")}});
  }
  return json;
}

// A name that means something else, or two things, would be looked up wrongly without a word.
void check_granularity_names(const yaml::Node& spine, Findings& findings) {
  const yaml::Node* custom = spine.find_value("custom_granularities");
  if (custom == nullptr) return;
  std::set<std::string> taken(granularities.begin(), granularities.end());
  for (const yaml::Node& item : custom->items) {
    const yaml::Node* name = item.find("name");
    if (name == nullptr || !name->is(yaml::Kind::string) || taken.insert(lower_case(name->text)).second)
      continue;
    findings.error(name->mark, "unknown-value", "There is a granularity '" + name->text + "' already",
                   {"", "Choose another name"});
  }
}

}  // namespace

void check_calendar(const yaml::Node& holder, const std::string& file) {
  // Most have neither.
  if (holder.find("calendar") == nullptr && holder.find("time_spine") == nullptr) return;
  // A copy: what is checked loses its empty members.
  yaml::Node checked = holder;
  const std::vector<std::string> files = {file};
  Findings findings(files);
  check_shape(checked, calendar_holder_shape, findings);
  if (const yaml::Node* spine = checked.find_value("time_spine")) check_granularity_names(*spine, findings);
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
    calendar["time_spine"] = time_spine_of(*spine);
  }
  return calendar;
}

}  // namespace ktx::project
