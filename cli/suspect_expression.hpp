#pragma once

#include "ktx/semantic/messages.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {

/// The error of a database that refused a compiled query, whose fix begins with the one expression of the
/// question or of its measures that has a name or a value in it which the database speaks of. As it is when
/// that is true of none, or of several.
Error with_suspect(const Error& error, const semantic::Query& query, const semantic::CompiledQuery& compiled);

}  // namespace ktx::cli
