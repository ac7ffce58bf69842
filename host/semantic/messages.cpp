#include "ktx/semantic/messages.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/spans.hpp"
#include "ktx/util/text.hpp"

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
  if (query.fill) json["fill"] = true;
  if (query.compare) json["compare"] = *query.compare;
  if (query.top) json["top"] = *query.top;
  if (!query.per.empty()) json["per"] = query.per;
  if (query.each_once) json["each_once"] = true;
  if (!query.join_path.empty()) json["join_path"] = query.join_path;
  if (query.timezone) json["timezone"] = *query.timezone;
  return json;
}

// "file:line:column"; empty when the object names no place, or one that is not found.
std::string place_text(const JsonObject& object, const Locator& locate) {
  const auto place = place_of(object, locate);
  return place ? text_of(*place) : "";
}

Warning decode_warning(const Json& value, const Locator& locate) {
  const JsonObject warning(value, "A warning of the planner's reply", ErrorKind::internal);
  return {warning.string("code"), warning.string("severity"), warning.string("message"),
          place_text(warning, locate)};
}

std::optional<std::string> text_if_any(const JsonObject& object, std::string_view key) {
  if (!object.has(key) || object.value().at(key).is_null()) return std::nullopt;
  return object.string(key);
}

TimeCheck decode_check(const JsonObject& check) {
  return {check.non_empty_string("source"),  check.non_empty_string("column"), text_if_any(check, "storage"),
          check.string("use") == "compared", check.non_empty_string("sql"),    text_if_any(check, "probe")};
}

OutputColumn decode_output(const JsonObject& column) {
  return {column.non_empty_string("name"), text_if_any(column, "granularity"),
          column.has("part") && column.boolean("part")};
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
    compiled.columns.push_back(decode_output(object));
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

constexpr std::string_view register_operation = "semantic-register-model";

// Looks at the beginning first: error replies are short, and a long answer is not worth parsing twice.
bool is_unknown_model(std::string_view reply) {
  if (!reply.starts_with(R"({"error":)")) return false;
  const Json document = parse_reply(reply);
  const JsonObject tagged(document, "The reply", ErrorKind::internal);
  return tagged.object("error").string("kind") == "unknown_model";
}

std::optional<Place> nowhere(const std::string& /*source*/, const Json& /*path*/) { return std::nullopt; }

}  // namespace

std::vector<std::string> names_of(const std::vector<OutputColumn>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const OutputColumn& column : columns) names.push_back(column.name);
  return names;
}

ModelQuestion question_of(const QueryRequest& request) {
  // Only these members, without the model: they are part of the plan cache's key.
  std::string members = R"("query":)" + compact_json(encode(request.query));
  members.append(R"(,"dialect":)").append(compact_json(request.dialect));
  if (request.timezone) members.append(R"(,"timezone":)").append(compact_json(*request.timezone));
  if (!request.calendar.is_null()) members.append(R"(,"calendar":)").append(compact_json(request.calendar));
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

namespace {

constexpr const char* reply_name = "The planner's reply";

ErrorKind kind_of(const std::string& name, const JsonObject& error) {
  constexpr std::array<std::pair<std::string_view, ErrorKind>, 9> kinds = {
      {{"invalid_query", ErrorKind::query},
       {"invalid_model", ErrorKind::model},
       {"unsupported", ErrorKind::unsupported},
       {"database", ErrorKind::database},
       {"interpreter", ErrorKind::interpreter},
       {"interrupted", ErrorKind::interrupted},
       {"invalid_request", ErrorKind::internal},
       {"unknown_operation", ErrorKind::internal},
       {"internal", ErrorKind::internal}}};
  for (const auto& [known, kind] : kinds) {
    if (known == name) return kind;
  }
  // A kind that this ktx does not know: the installed packages are of another version.
  throw error.wrong("kind", "\"" + name + "\" is not known");
}

// The message, followed by a question with the names that were probably meant.
std::string with_suggestions(std::string message, const JsonObject& error) {
  if (!error.has("suggestions")) return message;
  std::string names;
  for (const std::string& name : error.strings("suggestions")) names += (names.empty() ? "" : ", ") + name;
  if (names.empty()) return message;
  return message + (message.ends_with('.') ? " Did you mean " : "; did you mean ") + names + "?";
}

// The JSON pointer of a place in the request: ["measures", 0] is "/measures/0".
std::string pointer_of(const Json& path) {
  Json::json_pointer pointer;
  for (const Json& step : path) {
    pointer.push_back(step.is_string() ? step.get<std::string>() : step.dump());
  }
  return pointer.to_string();
}

bool is_path(const Json& path) {
  return path.is_array() && std::ranges::all_of(path, [](const Json& step) {
           return step.is_string() || step.is_number_unsigned();
         });
}

ErrorHints decode_hints(const JsonObject& error, std::string place) {
  ErrorHints hints;
  hints.place = std::move(place);
  if (error.has("suggestions")) hints.suggestions = error.strings("suggestions");
  if (!error.has("details")) return hints;
  const Json& details = error.object("details").value();
  if (const auto path = details.find("path"); path != details.end() && is_path(*path)) {
    hints.request_path = pointer_of(*path);
  }
  if (!details.contains("routes")) return hints;
  const JsonObject object(details, "The details of the planner's error", ErrorKind::internal);
  for (const Json& route : object.array("routes")) {
    const Json named = {{"route", route}};
    hints.routes.push_back(
        JsonObject(named, "The details of the planner's error", ErrorKind::internal).strings("route"));
  }
  return hints;
}

Error decode_error(const JsonObject& error, const Locator& locate) {
  const std::string place = place_text(error, locate);
  std::string message =
      (place.empty() ? "" : place + ": ") + with_suggestions(error.string("message"), error);
  const Error decoded(kind_of(error.string("kind"), error), std::move(message),
                      error.has("fix") ? error.string("fix") : "");
  return decoded.with(decode_hints(error, place));
}

}  // namespace

std::optional<Place> place_of(const JsonObject& object, const Locator& locate) {
  if (!object.has("location")) return std::nullopt;
  const JsonObject location = object.object("location");
  return locate(location.string("source"), location.array("path"));
}

Json parse_reply(std::string_view reply) { return parse_json(reply, reply_name, ErrorKind::internal); }

JsonObject answer_of(const Json& document, const Locator& locate) {
  const JsonObject tagged(document, reply_name, ErrorKind::internal);
  if (tagged.has("error")) throw decode_error(tagged.object("error"), locate);
  return tagged.object("ok");
}

std::string encode(const ModelQuestion& question) {
  return R"({"sources":)" + question.model.sources() + "," + question.members + "}";
}

std::string ask(Transport& transport, const ModelQuestion& question) {
  const ScopedSpan span("ask planner");
  if (!transport.keeps_models()) return transport.call(question.operation, encode(question));
  const std::string by_name = R"({"model":")" + question.model.digest() + R"(",)" + question.members + "}";
  std::string reply = transport.call(question.operation, by_name);
  if (!is_unknown_model(reply)) return reply;
  std::string registered = transport.call(register_operation, registration_of(question.model.sources()));
  if (registered.starts_with(R"({"error":)")) return registered;
  reply = transport.call(question.operation, by_name);
  // The daemon does not keep models that are too large for it; these are sent with each question.
  return is_unknown_model(reply) ? transport.call(question.operation, encode(question)) : reply;
}

OperationReply::OperationReply(std::string_view reply) : document_(parse_reply(reply)) { answer(); }

JsonObject OperationReply::answer() const { return answer_of(document_, nowhere); }

OperationReply ask_operation(Transport& transport, std::string_view operation, const Json& request) {
  return OperationReply(transport.call(operation, compact_json(request)));
}

const std::string& Model::sources() const {
  if (!sources_) sources_ = make_();
  return *sources_;
}

const std::string& Model::digest() const {
  if (!digest_) digest_ = model_digest(registration_of(sources()));
  return *digest_;
}

std::string registration_of(const std::string& sources) { return R"({"sources":)" + sources + "}"; }

std::string model_digest(const std::string& registration) { return "sha256:" + hex(sha256(registration)); }

std::string parquet_file(Transport& transport, const Json& request) {
  const OperationReply reply = ask_operation(transport, parquet_operation, request);
  const JsonObject answer = reply.answer();
  auto bytes = from_base64(answer.non_empty_string("base64"));
  if (!bytes) throw answer.wrong("base64", "must be base64");
  return *std::move(bytes);
}

}  // namespace ktx::semantic
