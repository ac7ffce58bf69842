#include "ktx/semantic/parquet.hpp"

#include "ktx/semantic/operation.hpp"
#include "ktx/util/text.hpp"

namespace ktx::semantic {

std::string parquet_file(Transport& transport, const Json& request) {
  const OperationReply reply = ask_operation(transport, parquet_operation, request);
  const JsonObject answer = reply.answer();
  auto bytes = from_base64(answer.non_empty_string("base64"));
  if (!bytes) throw answer.wrong("base64", "must be base64");
  return *std::move(bytes);
}

}  // namespace ktx::semantic
