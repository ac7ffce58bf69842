#pragma once

#include <string>

namespace ktx::cli {

/// Whether a text is the address of a database with a password in it, before the host or as a parameter. Such
/// a text is kept out of ktx.yaml.
bool has_password(const std::string& address);

}  // namespace ktx::cli
