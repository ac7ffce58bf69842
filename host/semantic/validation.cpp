#include "ktx/semantic/validation.hpp"

#include <optional>
#include <utility>

#include "ktx/semantic/messages.hpp"

namespace ktx::semantic {
namespace {

// A member that may be absent or null.
bool is_given(const JsonObject& object, std::string_view key) {
  return object.has(key) && !object.value().at(std::string(key)).is_null();
}

Severity decode_severity(const JsonObject& finding) {
  const auto severity = severity_named(finding.string("severity"));
  if (!severity) throw finding.wrong("severity", R"(must be "error", "warning" or "hint")");
  return *severity;
}

}  // namespace

Finding decode_finding(const Json& value, const Locator& locate) {
  const JsonObject object(value, "A finding of the planner's reply", ErrorKind::internal);
  Finding finding;
  finding.code = object.non_empty_string("code");
  finding.severity = decode_severity(object);
  finding.message = object.non_empty_string("message");
  if (is_given(object, "fix")) finding.fix = object.string("fix");
  finding.suggestions = object.strings("suggestions");
  finding.concerned = object.strings("concerned");
  if (!is_given(object, "location")) return finding;
  // Kept even if the place is not found: which findings to show may depend on it.
  finding.source = object.object("location").string("source");
  if (auto place = place_of(object, locate)) {
    finding.file = std::move(place->file);
    finding.line = place->line;
    finding.column = place->column;
  }
  return finding;
}

ModelQuestion question_of(const ValidationRequest& request) {
  // The order of the members is fixed, because the bytes are part of the plan cache's key.
  std::string members = R"("dialect":)" + compact_json(request.dialect);
  members.append(R"(,"complete":)").append(request.complete ? "true" : "false");
  members.append(R"(,"suspect":)").append(compact_json(request.suspect));
  if (!request.calendar.is_null()) members.append(R"(,"calendar":)").append(compact_json(request.calendar));
  return {validate_operation, request.model, std::move(members)};
}

std::vector<Finding> decode_validation_reply(std::string_view reply, const Locator& locate) {
  const Json document = parse_reply(reply);
  const JsonObject answer = answer_of(document, locate);
  std::vector<Finding> findings;
  for (const Json& finding : answer.array("findings")) findings.push_back(decode_finding(finding, locate));
  return findings;
}

}  // namespace ktx::semantic
