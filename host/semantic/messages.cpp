#include "ktx/semantic/messages.hpp"

#include "error_reply.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::semantic {
namespace {

Json encode(const Dimension& dimension) {
  if (!dimension.granularity) return dimension.field;
  return {{"field", dimension.field}, {"granularity", *dimension.granularity}};
}

Json encode(const Measure& measure) {
  if (!measure.name) return measure.expr;
  return {{"expr", measure.expr}, {"name", *measure.name}};
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
  Json json = {{"measures", encode_list(query.measures)}};
  if (!query.dimensions.empty()) json["dimensions"] = encode_list(query.dimensions);
  if (!query.filters.empty()) json["filters"] = query.filters;
  if (!query.segments.empty()) json["segments"] = query.segments;
  if (!query.order_by.empty()) json["order_by"] = encode_list(query.order_by);
  if (query.limit) json["limit"] = *query.limit;
  if (query.include_empty) json["include_empty"] = *query.include_empty;
  if (!query.join_path.empty()) json["join_path"] = query.join_path;
  if (query.timezone) json["timezone"] = *query.timezone;
  return json;
}

Warning decode_warning(const Json& value, const Locator& locate) {
  const JsonObject warning(value, "A warning of the planner's reply", ErrorKind::internal);
  return {warning.string("code"), warning.string("severity"), warning.string("message"),
          place_of(warning, locate)};
}

std::optional<std::string> text_if_any(const JsonObject& object, std::string_view key) {
  if (!object.has(key) || object.value().at(key).is_null()) return std::nullopt;
  return object.string(key);
}

TimeCheck decode_check(const JsonObject& check) {
  return {check.non_empty_string("source"),  check.non_empty_string("column"), text_if_any(check, "storage"),
          check.string("use") == "compared", check.non_empty_string("sql"),    text_if_any(check, "probe")};
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
  compiled.timezone = answer.non_empty_string("timezone");
  for (std::size_t i = 0; i < answer.array("checks").size(); ++i) {
    compiled.checks.push_back(decode_check(answer.element("checks", i)));
  }
  if (answer.has("explanation")) compiled.explanation = decode_explanation(answer.object("explanation"));
  return compiled;
}

}  // namespace

ModelQuestion question(const QueryRequest& request) {
  std::string members = R"("query":)" + compact_json(encode(request.query));
  members.append(R"(,"dialect":)").append(compact_json(request.dialect));
  if (request.timezone) members.append(R"(,"timezone":)").append(compact_json(*request.timezone));
  if (request.explain) members.append(R"(,"explain":true)");
  return {query_operation, request.model, std::move(members)};
}

CompiledQuery decode_query_reply(std::string_view reply, bool explain, const Locator& locate) {
  const ScopedSpan span("decode reply");
  const Json document = parse_reply(reply);
  CompiledQuery compiled = decode_answer(answer_of(document, locate), locate);
  if (explain && !compiled.explanation) {
    throw Error(ErrorKind::internal, "The planner's reply: explanation is missing");
  }
  return compiled;
}

}  // namespace ktx::semantic
