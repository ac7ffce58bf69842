#pragma once

#include <string>
#include <string_view>

#include "ktx/project/config.hpp"

namespace ktx::database {

/// Whether the driver is SQLite, which needs no Python.
bool is_sqlite(std::string_view driver);

/// The name that a misspelt driver was probably meant to be; empty when none is close.
std::string closest_driver(std::string_view driver);

/// Throws a `connection` error unless the connection has a driver that is known.
void check_driver(const project::Connection& connection);

}  // namespace ktx::database
