#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "ktx/project/config.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/json.hpp"

namespace ktx::database {

/// Where the connection leads, to be shown: a path, "host:port/database", an address without user, password
/// and options, or the reference (`env:NAME`) in its place. Empty if the settings do not say. Never a secret.
std::string connection_location(const project::Connection& connection);

/// Whether a text of ktx.yaml is a reference to a secret, `env:NAME` or `file:/path`.
bool is_reference(std::string_view text);

/// Whether an address holds a credential: a password, or an option that is named like one.
bool holds_credential(std::string_view url);

/// Whether a key of a connection is named like a credential: "password", "private_key".
bool is_secret_key(std::string_view key);

/// The members of every request about a connection: its id, its driver, its settings with references replaced
/// by the secrets, and the project's folder. Throws a `connection` error that names the setting if a variable
/// or a file is missing.
Json connection_request(const project::Connection& connection, const Environment& environment,
                        const std::filesystem::path& project_directory);

/// The file of an SQLite connection: its `path` (which may be an `env:` or `file:` reference), else its
/// `url` (an `env:` reference, `sqlite:…`, `file:…` or a plain path), relative to the project's folder.
/// In `url`, `file:` is the database's own URL. Throws a `connection` error when neither is given.
std::filesystem::path sqlite_file(const project::Connection& connection, const Environment& environment,
                                  const std::filesystem::path& project_directory);

/// Whether the driver is SQLite, which needs no Python.
bool is_sqlite(std::string_view driver);

/// The driver's name that was probably meant; empty if none is close.
std::string closest_driver(std::string_view driver);

/// Throws a `connection` error unless the connection has a driver that is known.
void check_driver(const project::Connection& connection);

}  // namespace ktx::database
