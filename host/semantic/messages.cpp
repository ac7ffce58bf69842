#include "ktx/semantic/messages.hpp"

#include <array>
#include <utility>

namespace ktx::semantic {
namespace {

constexpr const char* reply_name = "The planner's reply";

Json encode(const Dimension& dimension) {
  if (!dimension.granularity) return dimension.field;
  return {{"field", dimension.field}, {"granularity", *dimension.granularity}};
}

Json encode(const OrderBy& order) {
  if (!order.direction) return order.field;
  return {{"field", order.field}, {"direction", *order.direction}};
}

template <typename Item>
Json encode_list(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(encode(item));
  return list;
}

Json encode(const Query& query) {
  Json json = {{"measures", query.measures}};
  if (!query.dimensions.empty()) json["dimensions"] = encode_list(query.dimensions);
  if (!query.filters.empty()) json["filters"] = query.filters;
  if (!query.segments.empty()) json["segments"] = query.segments;
  if (!query.order_by.empty()) json["order_by"] = encode_list(query.order_by);
  if (query.limit) json["limit"] = *query.limit;
  if (query.include_empty) json["include_empty"] = *query.include_empty;
  return json;
}

/// The place of the object's `location` member; empty when it has none or it leads nowhere.
std::string place_of(const JsonObject& object, const Locator& locate) {
  if (!object.has("location")) return {};
  const JsonObject location = object.object("location");
  return locate(location.string("source"), location.array("path")).value_or("");
}

ErrorKind kind_of(const std::string& name, const JsonObject& error) {
  constexpr std::array<std::pair<std::string_view, ErrorKind>, 8> kinds = {
      {{"invalid_query", ErrorKind::query},
       {"invalid_model", ErrorKind::model},
       {"unsupported", ErrorKind::unsupported},
       {"interpreter", ErrorKind::interpreter},
       {"interrupted", ErrorKind::interrupted},
       {"invalid_request", ErrorKind::internal},
       {"unknown_operation", ErrorKind::internal},
       {"internal", ErrorKind::internal}}};
  for (const auto& [known, kind] : kinds) {
    if (known == name) return kind;
  }
  throw error.wrong("kind", "\"" + name + "\" is not known");
}

/// The message, with the names that were probably meant as a question behind it.
std::string with_suggestions(std::string message, const JsonObject& error) {
  if (!error.has("suggestions")) return message;
  std::string names;
  for (const std::string& name : error.strings("suggestions")) names += (names.empty() ? "" : ", ") + name;
  if (names.empty()) return message;
  return message + (message.ends_with('.') ? " Did you mean " : "; did you mean ") + names + "?";
}

Error decode_error(const JsonObject& error, const Locator& locate) {
  const std::string place = place_of(error, locate);
  std::string message =
      (place.empty() ? "" : place + ": ") + with_suggestions(error.string("message"), error);
  return {kind_of(error.string("kind"), error), std::move(message),
          error.has("fix") ? error.string("fix") : ""};
}

Warning decode_warning(const Json& value, const Locator& locate) {
  const JsonObject warning(value, "A warning of the planner's reply", ErrorKind::internal);
  return {warning.string("code"), warning.string("severity"), warning.string("message"),
          place_of(warning, locate)};
}

Explanation decode_explanation(const JsonObject& statement) {
  Explanation explanation{statement.non_empty_string("text"), {}};
  for (const Json& child : statement.array("children")) {
    const JsonObject object(child, "A statement of the planner's explanation", ErrorKind::internal);
    explanation.children.push_back(decode_explanation(object));
  }
  return explanation;
}

CompiledQuery decode_answer(const JsonObject& answer, const Locator& locate) {
  CompiledQuery compiled;
  compiled.sql = answer.non_empty_string("sql");
  compiled.dialect = answer.non_empty_string("dialect");
  for (const Json& column : answer.array("columns")) {
    const JsonObject object(column, "A column of the planner's reply", ErrorKind::internal);
    compiled.columns.push_back(object.non_empty_string("name"));
  }
  compiled.plan = answer.object("plan").value();
  for (const Json& warning : answer.array("warnings")) {
    compiled.warnings.push_back(decode_warning(warning, locate));
  }
  if (answer.has("explanation")) compiled.explanation = decode_explanation(answer.object("explanation"));
  return compiled;
}

}  // namespace

std::string encode(const QueryRequest& request) {
  std::string json = R"({"sources":)";
  json.append(request.sources);
  json.append(R"(,"query":)").append(compact_json(encode(request.query)));
  json.append(R"(,"dialect":)").append(compact_json(request.dialect));
  if (request.explain) json.append(R"(,"explain":true)");
  return json + "}";
}

CompiledQuery decode_query_reply(std::string_view reply, const Locator& locate) {
  const Json document = parse_json(reply, reply_name, ErrorKind::internal);
  const JsonObject tagged(document, reply_name, ErrorKind::internal);
  if (tagged.has("error")) throw decode_error(tagged.object("error"), locate);
  return decode_answer(tagged.object("ok"), locate);
}

}  // namespace ktx::semantic
