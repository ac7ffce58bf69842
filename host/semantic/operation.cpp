#include "ktx/semantic/operation.hpp"

#include <optional>
#include <string>

#include "error_reply.hpp"

namespace ktx::semantic {

Json ask_operation(Transport& transport, std::string_view operation, const Json& request) {
  const Json document = parse_reply(transport.call(operation, compact_json(request)));
  const auto nowhere = [](const std::string& /*source*/, const Json& /*path*/) {
    return std::optional<std::string>();
  };
  return answer_of(document, nowhere).value();
}

}  // namespace ktx::semantic
