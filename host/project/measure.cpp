#include "ktx/project/measure.hpp"

namespace ktx::project {
namespace {

// "name(of, 'first', 'second')", without what is empty: as a question asks for the same.
std::string call_text(const std::string& name, const yaml::Node& node,
                      const std::vector<std::string>& arguments) {
  std::string text = name + "(" + node.find_text("of").value_or("");
  for (const std::string& argument : arguments) {
    if (!argument.empty()) text += ", '" + argument + "'";
  }
  return text + ")";
}

std::string cumulative_text(const yaml::Node& node) {
  const std::string period = node.find_text("period").value_or("");
  const std::string shown = period == "last" ? "" : period;
  if (const auto grain = node.find_text("to_grain")) return call_text("to_date", node, {*grain, shown});
  return call_text("cumulative", node, {node.find_text("window").value_or(""), shown});
}

std::string offset_text(const yaml::Node& node) {
  const auto grain = node.find_text("to_grain");
  return call_text("offset", node, {grain ? *grain : node.find_text("by").value_or("")});
}

// A column of both sources, or how each calls it.
std::string pair_text(const yaml::Node& pair) {
  if (!pair.is(yaml::Kind::mapping)) return pair.text;
  return pair.find_text("base").value_or("") + " = " + pair.find_text("conversion").value_or("");
}

std::string conversion_text(const yaml::Node& node) {
  std::string text = node.find_text("calculate").value_or("rate") == "rate" ? "conversion(" : "conversions(";
  text += node.find_text("base").value_or("") + ", " + node.find_text("conversion").value_or("");
  if (const yaml::Node* entity = node.find_value("entity")) text += ", " + pair_text(*entity);
  if (const yaml::Node* constant = node.find_value("constant")) {
    for (const yaml::Node& pair : constant->items) text += ", " + pair_text(pair);
  }
  if (const auto window = node.find_text("window")) text += ", '" + *window + "'";
  return text + ")";
}

}  // namespace

std::string default_time_of(const Source& source) {
  const yaml::Node* chosen = source.definition.find_value("default_time_dimension");
  if (chosen == nullptr || chosen->is(yaml::Kind::string)) return chosen == nullptr ? "" : chosen->text;
  for (const yaml::Member& tool : chosen->members) {
    if (!tool.value.text.empty()) return tool.value.text;
  }
  return {};
}

bool is_visible(const yaml::Node& node) { return node.find_text("visibility") != "hidden"; }

std::vector<const yaml::Node*> visible_measures(const Source& source) {
  std::vector<const yaml::Node*> visible;
  const yaml::Node* measures = source.definition.find_value("measures");
  if (measures == nullptr) return visible;
  for (const yaml::Node& measure : measures->items) {
    if (is_visible(measure)) visible.push_back(&measure);
  }
  return visible;
}

std::string expression_of(const yaml::Node& measure) {
  if (const auto text = measure.find_text("expr")) return *text;
  if (const yaml::Node* node = measure.find_value("cumulative")) return cumulative_text(*node);
  if (const yaml::Node* node = measure.find_value("offset")) return offset_text(*node);
  const yaml::Node* node = measure.find_value("conversion");
  return node == nullptr ? "" : conversion_text(*node);
}

}  // namespace ktx::project
