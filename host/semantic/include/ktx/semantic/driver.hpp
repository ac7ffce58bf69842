#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::semantic {

/// How a setting of a connection is asked for and written.
enum class SettingKind : std::uint8_t {
  text,      ///< as typed
  optional,  ///< as typed; left out if nothing was typed
  file,      ///< the path of an existing file
  address,   ///< an address without a password, or a reference to one
  secret,    ///< a reference
};

struct DriverSetting {
  std::string_view key;  ///< in ktx.yaml
  std::string_view title;
  SettingKind kind;
  std::string_view initial;  ///< suggested to the user
};

/// A kind of database: everything that ktx itself knows about it. What Python does with it is in
/// ktx_daemon/database_query/registry.py, which has the same names and dialects (tests/golden/drivers.json).
struct Driver {
  std::string_view name;   ///< in ktx.yaml
  std::string_view alias;  ///< another name; may be empty
  std::string_view label;
  std::string_view dialect;  ///< sqlglot's name of its SQL
  std::string_view feature;  ///< of the runtime, with its Python driver; empty if no Python is needed
  /// The driver that `database-introspect` reads it as; empty if its tables cannot be read.
  std::string_view introspected_as;
  /// What must be known to connect, the address first; setup asks for these.
  std::span<const DriverSetting> settings;

  /// Whether this program runs its SQL by itself.
  bool is_native() const { return feature.empty(); }

  /// Whether such a database is a file.
  bool is_file() const { return !settings.empty() && settings.front().kind == SettingKind::file; }
};

std::span<const Driver> drivers();

/// The driver of that name or alias; case does not count. nullptr if it is not known.
const Driver* find_driver(std::string_view name);

/// Every name and alias, in lower case.
std::span<const std::string_view> driver_names();

/// sqlglot's name of the SQL dialect of a driver ("mssql" is "tsql"); case does not count. std::nullopt for
/// an unknown driver.
std::optional<std::string> dialect_of_driver(std::string_view driver);

/// What SQL is written in when the driver is unknown or not given.
inline constexpr const char* default_dialect = "postgres";

}  // namespace ktx::semantic
