#include "ktx/semantic/compute.hpp"

namespace ktx::semantic {

CompiledQuery compile(Transport& transport, const QueryRequest& request, const Locator& locate) {
  CompiledQuery compiled = decode_query_reply(ask(transport, question(request)), locate);
  if (request.explain && !compiled.explanation) {
    throw Error(ErrorKind::internal, "The planner's reply: explanation is missing");
  }
  return compiled;
}

}  // namespace ktx::semantic
