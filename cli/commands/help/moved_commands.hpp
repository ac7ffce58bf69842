#pragma once

#include <string_view>

namespace ktx::cli {

/// Where the work of a top command of the TypeScript ktx is done now, as words behind a semicolon: "use ktx
/// setup"; empty for any other word. docs/migrating.md has the whole table.
std::string_view moved_to(std::string_view command);

}  // namespace ktx::cli
