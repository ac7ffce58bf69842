#pragma once

#include <string>
#include <string_view>

#include "ktx/project/config.hpp"

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

}  // namespace ktx::database
