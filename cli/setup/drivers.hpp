#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::cli {

/// How a setting of a connection is asked for and written.
enum class SettingKind : std::uint8_t {
  text,      ///< as typed
  optional,  ///< as typed, and left out when nothing was
  file,      ///< the path of a file that is there
  address,   ///< an address without a password, or a reference to one
  secret,    ///< a reference
};

struct DriverSetting {
  std::string_view key;  ///< in ktx.yaml
  std::string_view title;
  SettingKind kind;
  std::string_view initial;  ///< what is suggested
};

/// A kind of database, and what must be known to connect to one.
struct Driver {
  std::string_view name;  ///< in ktx.yaml
  std::string_view label;
  std::span<const DriverSetting> settings;  ///< the first takes `--database-url`
};

/// In the order in which they are offered.
std::span<const Driver> drivers();

/// The driver of that name, whatever its case; null pointer when it is unknown.
const Driver* find_driver(std::string_view name);

std::vector<std::string> driver_names();

}  // namespace ktx::cli
