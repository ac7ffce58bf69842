#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/semantic/messages.hpp"
#include "managed_transport.hpp"
#include "output/result_output.hpp"

namespace ktx::cli {

/// The format that only this command has: the SQL, and nothing run.
inline constexpr const char* sql_format = "sql";

struct SlQueryOptions {
  std::optional<std::string> connection_id;
  semantic::Query query;
  ResultOutputOptions output;
  bool execute = false;
  bool explain = false;
  std::optional<std::int64_t> max_rows;
  PythonOptions python;
};

void setup_sl_query(CLI::App& parent, Context& context, TransportFactory connect);

/// Compiles the query, runs it when asked to, and writes the answer, or its explanation, to stdout.
/// Warnings, and under `table` the number of rows and the time, go to stderr; JSON holds its warnings.
int run_sl_query(const Context& context, const SlQueryOptions& options, const TransportFactory& connect);

}  // namespace ktx::cli
