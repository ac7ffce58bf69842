#include "ktx/semantic/model_question.hpp"

#include "error_reply.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::semantic {
namespace {

constexpr std::string_view register_operation = "semantic-register-model";

/// Replies of errors are short; a long answer is not parsed twice.
bool is_unknown_model(std::string_view reply) {
  if (!reply.starts_with(R"({"error":)")) return false;
  const Json document = parse_reply(reply);
  const JsonObject tagged(document, "The reply", ErrorKind::internal);
  return tagged.object("error").string("kind") == "unknown_model";
}

}  // namespace

std::string encode(const ModelQuestion& question) {
  return R"({"sources":)" + question.model.sources() + "," + question.members + "}";
}

std::string ask(Transport& transport, const ModelQuestion& question) {
  const ScopedSpan span("ask planner");
  if (!transport.keeps_models()) return transport.call(question.operation, encode(question));
  const std::string by_name = R"({"model":")" + question.model.name() + R"(",)" + question.members + "}";
  std::string reply = transport.call(question.operation, by_name);
  if (!is_unknown_model(reply)) return reply;
  std::string registered = transport.call(register_operation, registration_of(question.model.sources()));
  if (registered.starts_with(R"({"error":)")) return registered;
  reply = transport.call(question.operation, by_name);
  // A model that is not kept, for it is too large, is sent with its question.
  return is_unknown_model(reply) ? transport.call(question.operation, encode(question)) : reply;
}

}  // namespace ktx::semantic
