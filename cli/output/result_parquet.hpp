#pragma once

#include "ktx/output/result_view.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// The rows as the operation `result-parquet` takes them: every cell as exact as it is here.
Json parquet_request(const ResultRows& rows);

}  // namespace ktx::cli
