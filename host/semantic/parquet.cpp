#include "ktx/semantic/parquet.hpp"

#include <optional>

#include "error_reply.hpp"
#include "ktx/util/base64.hpp"

namespace ktx::semantic {
namespace {

/// Rows are about no source.
std::optional<std::string> no_place_of_rows(const std::string& /*source*/, const Json& /*path*/) {
  return std::nullopt;
}

}  // namespace

std::string parquet_file(Transport& transport, const Json& request) {
  const Json document = parse_reply(transport.call(parquet_operation, compact_json(request)));
  const JsonObject answer = answer_of(document, no_place_of_rows);
  auto bytes = from_base64(answer.non_empty_string("base64"));
  if (!bytes) throw answer.wrong("base64", "must be base64");
  return *std::move(bytes);
}

}  // namespace ktx::semantic
