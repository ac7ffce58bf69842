#include "ktx/semantic/compute.hpp"

namespace ktx::semantic {

CompiledQuery compile(Transport& transport, const QueryRequest& request, const Locator& locate) {
  return decode_query_reply(transport.call(query_operation, encode(request)), locate);
}

}  // namespace ktx::semantic
