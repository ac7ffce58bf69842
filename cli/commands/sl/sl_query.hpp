#pragma once

#include <CLI/App.hpp>

#include "context.hpp"
#include "ktx/app/query_run.hpp"
#include "options.hpp"

namespace ktx::cli {

/// The format that only this command has: writes the SQL and runs nothing.
inline constexpr const char* sql_format = "sql";

struct SlQueryOptions {
  app::QueryRequest question;
  ResultOutputOptions output;
  app::PythonNeeds python;
};

void setup_sl_query(CLI::App& parent, Context& context);

/// Compiles the query, runs it if asked to, and writes the answer or its explanation to stdout. Warnings go
/// to stderr, except that JSON has them itself; with `table` so do the number of rows and the time.
int run_sl_query(Context& context, const SlQueryOptions& options);

}  // namespace ktx::cli
