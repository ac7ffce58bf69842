#pragma once

#include <CLI/Error.hpp>
#include <string>

namespace ktx::cli {

/// What a subcommand throws while the command line is parsed: `main` prints the message, then the
/// subcommand's help, and exits with 2.
inline CLI::ParseError usage_error(const std::string& message) {
  return {message, CLI::ExitCodes::InvalidError};
}

/// Throws a usage error unless `id` can name a connection.
void check_connection_id(const std::string& id);

}  // namespace ktx::cli
