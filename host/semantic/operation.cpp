#include "ktx/semantic/operation.hpp"

#include <optional>
#include <string>

#include "error_reply.hpp"

namespace ktx::semantic {
namespace {

std::optional<std::string> nowhere(const std::string& /*source*/, const Json& /*path*/) {
  return std::nullopt;
}

}  // namespace

OperationReply::OperationReply(std::string_view reply) : document_(parse_reply(reply)) { answer(); }

JsonObject OperationReply::answer() const { return answer_of(document_, nowhere); }

OperationReply ask_operation(Transport& transport, std::string_view operation, const Json& request) {
  return OperationReply(transport.call(operation, compact_json(request)));
}

}  // namespace ktx::semantic
