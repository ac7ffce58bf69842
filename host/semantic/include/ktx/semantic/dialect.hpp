#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ktx::semantic {

/// The SQL dialect in which a connection's driver is written to ("mssql" is "tsql"); case does not
/// count. Nothing for a driver that is not known.
std::optional<std::string> dialect_of_driver(std::string_view driver);

/// What SQL is written in when the driver is unknown or not given.
inline constexpr const char* default_dialect = "postgres";

}  // namespace ktx::semantic
