#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "ktx/project/config.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/json.hpp"

namespace ktx::database {

/// Where the connection leads, for people: a path, "host:port/database", an address without user, password
/// and options, or the reference (`env:NAME`) that stands for it. Empty when the settings do not say. Never a
/// secret.
std::string connection_location(const project::Connection& connection);

/// Whether a text of ktx.yaml is a reference to a secret, `env:NAME` or `file:/path`.
bool is_reference(std::string_view text);

/// Whether an address holds a credential: a password, or an option that is named like one.
bool holds_credential(std::string_view url);

/// Whether a key of a connection is named like a credential: "password", "private_key".
bool is_secret_key(std::string_view key);

/// The members that every request about a connection has: its id, its driver, its settings with the values of
/// secrets in the place of references to them, and the project's folder. Throws a `connection` error, which
/// names the setting, when a variable or a file is missing.
Json connection_request(const project::Connection& connection, const Environment& environment,
                        const std::filesystem::path& project_directory);

/// The file of an SQLite connection: its `path` (which may be an `env:` or `file:` reference), else its
/// `url` (an `env:` reference, `sqlite:…`, `file:…` or a plain path), relative to the project's folder.
/// In `url`, `file:` is the database's own URL. Throws a `connection` error when neither is given.
std::filesystem::path sqlite_file(const project::Connection& connection, const Environment& environment,
                                  const std::filesystem::path& project_directory);

/// Whether the driver is SQLite, which needs no Python.
bool is_sqlite(std::string_view driver);

/// The name that a misspelt driver was probably meant to be; empty when none is close.
std::string closest_driver(std::string_view driver);

/// Throws a `connection` error unless the connection has a driver that is known.
void check_driver(const project::Connection& connection);

}  // namespace ktx::database
