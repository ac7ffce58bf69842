#pragma once

#include <string>
#include <string_view>

#include "ktx/semantic/transport.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

/// The operation that writes rows as a Parquet file.
inline constexpr std::string_view parquet_operation = "result-parquet";

/// The file's bytes. `request` has `columns`, each {"name", "type"}, and `rows` of cells, as docs/boundary.md
/// says. Throws the error of the reply, and an `internal` error when it holds no file.
std::string parquet_file(Transport& transport, const Json& request);

}  // namespace ktx::semantic
