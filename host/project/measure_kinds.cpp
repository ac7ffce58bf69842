#include "measure_kinds.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::project {
namespace {

using Keys = std::vector<std::string_view>;

// Those of the keys that the mapping has, in the order of the file.
std::vector<const yaml::Member*> present(const yaml::Node& node, const Keys& keys) {
  std::vector<const yaml::Member*> members;
  for (const yaml::Member& member : node.members) {
    if (std::ranges::find(keys, member.key) != keys.end() && !member.value.is(yaml::Kind::null)) {
      members.push_back(&member);
    }
  }
  return members;
}

// Reports the second of two keys that exclude each other.
void check_at_most_one(const yaml::Node& node, const Keys& keys, const std::string& fix, Findings& findings) {
  const auto members = present(node, keys);
  if (members.size() < 2) return;
  findings.error(members[1]->mark, "exclusive-keys",
                 "'" + members[0]->key + "' and '" + members[1]->key + "' are mutually exclusive", {"", fix});
}

// `of` is what has the keys, with its article: "a measure".
void check_at_least_one(const yaml::Node& node, const std::string& of, const Keys& keys,
                        const std::string& line, Findings& findings) {
  if (!present(node, keys).empty()) return;
  std::string names;
  for (const std::string_view key : keys) {
    if (!names.empty()) names += key == keys.back() ? " or " : ", ";
    names += in_quotes(key);
  }
  findings.error(node.mark, "missing-key", of + " needs the key " + names, {"", "Add a line: " + line});
}

// Nearly all measures: a look at them is enough.
bool is_plain(const yaml::Node& measure) {
  return measure.find_value("expr") != nullptr && measure.find("cumulative") == nullptr &&
         measure.find("offset") == nullptr && measure.find("conversion") == nullptr;
}

// `what` it is, with its article: "a measure", "a metric".
void check_measure(const yaml::Node& measure, const std::string& what, Findings& findings) {
  const Keys kinds = {"expr", "cumulative", "offset", "conversion"};
  check_at_least_one(measure, what, kinds, "expr: …", findings);
  check_at_most_one(measure, kinds, "Keep one: " + what + " is computed in one way", findings);
  const std::string ordinary = "Declare the part of the rows in a measure of its own, with `expr`";
  for (const std::string_view kind : {"cumulative", "offset", "conversion"}) {
    check_at_most_one(measure, {kind, "non_additive"}, ordinary, findings);
  }
  check_at_most_one(measure, {"conversion", "time_dimension"},
                    "Say it on the two measures that the conversion is made of", findings);
  if (const yaml::Node* cumulative = measure.find_value("cumulative")) {
    check_at_most_one(*cumulative, {"window", "to_grain"},
                      "Keep `window` for so many periods, `to_grain` for what began with a period", findings);
  }
  const yaml::Node* offset = measure.find_value("offset");
  if (offset == nullptr || !offset->is(yaml::Kind::mapping)) return;
  check_at_least_one(*offset, "offset", {"by", "to_grain"}, "by: 1 year", findings);
  check_at_most_one(*offset, {"by", "to_grain"},
                    "Keep `by` for an earlier period, `to_grain` for the first of a longer one", findings);
}

}  // namespace

void check_measure_kinds(const yaml::Node& definition, std::string_view list, Findings& findings) {
  const yaml::Node* measures = definition.find_value(list);
  if (measures == nullptr) return;
  for (const yaml::Node& measure : measures->items) {
    const std::string what = list == "metrics" ? "a metric" : "a measure";
    if (measure.is(yaml::Kind::mapping) && !is_plain(measure)) check_measure(measure, what, findings);
  }
}

}  // namespace ktx::project
