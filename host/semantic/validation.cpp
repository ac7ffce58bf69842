#include "ktx/semantic/validation.hpp"

#include "ktx/semantic/messages.hpp"

namespace ktx::semantic {
namespace {

// A member that may be absent or null.
bool is_given(const JsonObject& object, std::string_view key) {
  return object.has(key) && !object.value().at(std::string(key)).is_null();
}

ModelFinding decode_finding(const Json& value) {
  const JsonObject object(value, "A finding of the planner's reply", ErrorKind::internal);
  ModelFinding finding;
  finding.code = object.non_empty_string("code");
  finding.severity = object.string("severity");
  if (finding.severity != "error" && finding.severity != "warning" && finding.severity != "hint") {
    throw object.wrong("severity", R"(must be "error", "warning" or "hint")");
  }
  finding.message = object.non_empty_string("message");
  if (is_given(object, "fix")) finding.fix = object.string("fix");
  finding.suggestions = object.strings("suggestions");
  finding.concerned = object.strings("concerned");
  if (is_given(object, "location")) {
    const JsonObject location = object.object("location");
    finding.source = location.string("source");
    finding.path = location.array("path");
  }
  return finding;
}

}  // namespace

ModelQuestion question_of(const ValidationRequest& request) {
  // The order of the members is fixed, because the bytes are part of the plan cache's key.
  std::string members = R"("dialect":)" + compact_json(request.dialect);
  members.append(R"(,"complete":)").append(request.complete ? "true" : "false");
  members.append(R"(,"suspect":)").append(compact_json(request.suspect));
  return {validate_operation, request.model, std::move(members)};
}

std::vector<ModelFinding> decode_validation_reply(std::string_view reply, const Locator& locate) {
  const Json document = parse_reply(reply);
  const JsonObject answer = answer_of(document, locate);
  std::vector<ModelFinding> findings;
  for (const Json& finding : answer.array("findings")) findings.push_back(decode_finding(finding));
  return findings;
}

}  // namespace ktx::semantic
