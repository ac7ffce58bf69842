#pragma once

#include "context.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {

/// To be called with the error that a command ended in. When the command had loaded the managed runtime,
/// the error can come from damaged files, and files are damaged indeed, the runtime is installed anew by
/// the command's install policy and the command is started again in this process's place. Otherwise this
/// returns, and the error stands. Nothing but stderr may have been written before.
///
/// Throws `runtime_broken` with the damage and the command that mends it when the policy does not let it
/// install, and what an install throws. A command is started again once only.
void repair_after(const Error& error, const Context& context);

}  // namespace ktx::cli
