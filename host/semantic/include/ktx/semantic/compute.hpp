#pragma once

#include "ktx/semantic/messages.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::semantic {

/// Has the planner compile a query. Throws what `decode_query_reply` and the transport throw, and an
/// `internal` error when an explanation was asked for and not given.
CompiledQuery compile(Transport& transport, const QueryRequest& request, const Locator& locate);

}  // namespace ktx::semantic
