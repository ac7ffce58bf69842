#include "ktx/semantic/data_checks.hpp"

#include "ktx/semantic/validation.hpp"

namespace ktx::semantic {

ModelQuestion question_of(const DataChecksRequest& request) {
  std::string members = R"("dialect":)" + compact_json(request.dialect);
  if (request.source) members.append(R"(,"source":)").append(compact_json(*request.source));
  if (request.timezone) members.append(R"(,"timezone":)").append(compact_json(*request.timezone));
  return {data_checks_operation, request.model, std::move(members)};
}

DataChecks decode_data_checks_reply(std::string_view reply, const Locator& locate) {
  const Json document = parse_reply(reply);
  const JsonObject answer = answer_of(document, locate);
  DataChecks decoded;
  for (const Json& value : answer.array("checks")) {
    const JsonObject check(value, "A check of the planner's reply", ErrorKind::internal);
    decoded.checks.push_back({decode_finding(value, locate), check.non_empty_string("sql"),
                              check.strings("names"), check.non_empty_string("timezone")});
  }
  for (const Json& value : answer.array("findings"))
    decoded.findings.push_back(decode_finding(value, locate));
  return decoded;
}

}  // namespace ktx::semantic
