#include "shape.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "duration.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/project/granularity.hpp"
#include "ktx/util/text.hpp"

namespace ktx::project {
namespace {

std::vector<std::string_view> keys(const ObjectShape& shape) {
  std::vector<std::string_view> names;
  for (const Field& field : shape.fields) names.push_back(field.key);
  return names;
}

// The path to a value. It becomes text only in a message, because nearly all values are right.
struct ValuePath {
  const ValuePath* above = nullptr;
  const std::string* key = nullptr;  ///< of a member; null pointer for an item
  std::size_t item = 0;

  std::string text() const {
    if (above == nullptr) return {};
    const std::string before = above->text();
    if (key == nullptr) return before + "[" + std::to_string(item) + "]";
    return before.empty() ? *key : before + "." + *key;
  }
};

void check_value(yaml::Node& node, const Shape& shape, const ValuePath& path, Findings& findings);

// Whether the value has the kind; reports it if not.
bool expect(const yaml::Node& node, yaml::Kind kind, const ValuePath& path, Findings& findings) {
  if (node.is(kind)) return true;
  // `name: 2024` is a number to YAML; the usual cure is quotes.
  const bool scalar = !node.is(yaml::Kind::sequence) && !node.is(yaml::Kind::mapping);
  const std::string fix = kind == yaml::Kind::string && scalar && !node.text.empty()
                              ? "Write it in quotes: " + in_quotes(node.text)
                              : "Write " + std::string(yaml::describe(kind));
  findings.error(node.mark, "wrong-type",
                 path.text() + " must be " + std::string(yaml::describe(kind)) + ", not " +
                     std::string(describe(node.kind)),
                 {"", fix});
  return false;
}

void check_choice(const yaml::Node& node, const Shape& shape, const ValuePath& path, Findings& findings) {
  if (!expect(node, yaml::Kind::string, path, findings)) return;
  if (std::ranges::find(shape.choices, node.text) != shape.choices.end()) return;
  findings.error(node.mark, "unknown-value", path.text() + " cannot be " + in_quotes(node.text),
                 {closest(node.text, {shape.choices.begin(), shape.choices.end()}),
                  "Use one of: " + comma_separated(shape.choices)});
}

void check_duration(const yaml::Node& node, const ValuePath& path, Findings& findings) {
  if (node.is(yaml::Kind::string) && is_duration(node.text)) return;
  const bool scalar = !node.is(yaml::Kind::sequence) && !node.is(yaml::Kind::mapping);
  const std::string found = scalar ? in_quotes(node.text) : std::string(describe(node.kind));
  findings.error(node.mark, "bad-duration", path.text() + " must be a number and a period, not " + found,
                 {meant_duration(node.text),
                  "Write it as 28 days or 1 year; the periods are: " + comma_separated(duration_units)});
}

void check_number(const yaml::Node& node, const ValuePath& path, Findings& findings) {
  if (node.is(yaml::Kind::integer) || node.is(yaml::Kind::real)) return;
  findings.error(node.mark, "wrong-type",
                 path.text() + " must be a number, not " + std::string(describe(node.kind)),
                 {"", "Write a number"});
}

void report_unknown_key(const yaml::Member& member, const ObjectShape& shape, Findings& findings) {
  if (!shape.unknown_keys) return;
  const auto known = keys(shape);
  auto candidates = known;
  candidates.insert(candidates.end(), shape.other_names.begin(), shape.other_names.end());
  findings.add(*shape.unknown_keys, member.mark, "unknown-key",
               "unknown key " + in_quotes(member.key) + " in " + std::string(shape.name),
               {closest(member.key, candidates), "Remove it, or use one of: " + comma_separated(known)});
}

void check_object(yaml::Node& node, const ObjectShape& shape, const ValuePath& path, Findings& findings) {
  const auto is_known = [&](const yaml::Member& member) {
    return std::ranges::find(shape.fields, member.key, &Field::key) != shape.fields.end();
  };
  // Before the look for missing keys, so that `grain:` without a value is reported as missing.
  std::erase_if(node.members, [&](const yaml::Member& member) {
    return member.value.is(yaml::Kind::null) && is_known(member);
  });
  for (const Field& field : shape.fields) {
    if (!field.required || node.find(field.key) != nullptr) continue;
    findings.error(node.mark, "missing-key",
                   std::string(shape.name) + " needs the key " + in_quotes(field.key),
                   {"", "Add a line: " + std::string(field.key) + ": …"});
  }
  for (yaml::Member& member : node.members) {
    const auto field = std::ranges::find(shape.fields, member.key, &Field::key);
    if (field == shape.fields.end()) {
      report_unknown_key(member, shape, findings);
    } else {
      check_value(member.value, *field->shape, {&path, &member.key}, findings);
    }
  }
}

void check_text_or_object(yaml::Node& node, const ObjectShape& object, const ValuePath& path,
                          Findings& findings) {
  if (node.is(yaml::Kind::string)) return;
  if (node.is(yaml::Kind::mapping)) return check_object(node, object, path, findings);
  findings.error(node.mark, "wrong-type",
                 path.text() + " must be text or a mapping, not " + std::string(describe(node.kind)),
                 {"", "Write text"});
}

void check_list(yaml::Node& node, const Shape& item, const ValuePath& path, Findings& findings) {
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    check_value(node.items[i], item, {&path, nullptr, i}, findings);
  }
}

void check_value(yaml::Node& node, const Shape& shape, const ValuePath& path, Findings& findings) {
  switch (shape.kind) {
    case Shape::Kind::any: return;
    case Shape::Kind::text: expect(node, yaml::Kind::string, path, findings); return;
    case Shape::Kind::number: check_number(node, path, findings); return;
    case Shape::Kind::boolean: expect(node, yaml::Kind::boolean, path, findings); return;
    case Shape::Kind::duration: check_duration(node, path, findings); return;
    case Shape::Kind::choice: check_choice(node, shape, path, findings); return;
    case Shape::Kind::list:
      if (expect(node, yaml::Kind::sequence, path, findings)) check_list(node, *shape.item, path, findings);
      return;
    case Shape::Kind::map:
      if (!expect(node, yaml::Kind::mapping, path, findings)) return;
      for (yaml::Member& member : node.members) {
        check_value(member.value, *shape.item, {&path, &member.key}, findings);
      }
      return;
    case Shape::Kind::object:
      if (expect(node, yaml::Kind::mapping, path, findings))
        check_object(node, *shape.object, path, findings);
      return;
    case Shape::Kind::text_or_object: check_text_or_object(node, *shape.object, path, findings);
  }
}

}  // namespace

std::optional<yaml::Kind> yaml_kind(const Shape& shape) {
  switch (shape.kind) {
    case Shape::Kind::any:
    case Shape::Kind::number:
    case Shape::Kind::text_or_object: return std::nullopt;
    case Shape::Kind::text:
    case Shape::Kind::duration:
    case Shape::Kind::choice: return yaml::Kind::string;
    case Shape::Kind::boolean: return yaml::Kind::boolean;
    case Shape::Kind::list: return yaml::Kind::sequence;
    case Shape::Kind::map:
    case Shape::Kind::object: return yaml::Kind::mapping;
  }
  return std::nullopt;
}

void check_shape(yaml::Node& node, const Shape& shape, Findings& findings) {
  check_value(node, shape, {}, findings);
}

}  // namespace ktx::project
