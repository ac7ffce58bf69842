#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::runtime {

/// A file of a built environment that is not as it was at the install.
struct FileDifference {
  enum class Kind { missing, changed, added };

  Kind kind = Kind::missing;
  std::filesystem::path path;

  /// "missing /x/y", "changed /x/y", "added /x/y".
  std::string describe() const;

  bool operator==(const FileDifference&) const = default;
};

/// "missing", "changed", "added".
std::string_view name(FileDifference::Kind kind);

struct InventoryCheck {
  std::size_t files = 0;                    ///< how many files and links were compared
  std::vector<FileDifference> differences;  ///< by path
};

/// The inventory's file name in an environment.
inline constexpr const char* inventory_file = "files.sha256";

/// Writes the environment's inventory, which lists every file and link: those in RECORD, and the byte code,
/// scripts, links and configuration that RECORD does not list. Its format is that of sha256sum(1), with links
/// in comment lines. Returns the SHA-256 of the inventory itself, as hexadecimal. Throws an `io` error.
std::string write_inventory(const std::filesystem::path& environment_dir);

/// Compares the environment with its inventory, whose own SHA-256 must be `sha256`; otherwise the inventory
/// is the one difference. Never throws for what it finds: a file that cannot be read counts as changed.
InventoryCheck check_inventory(const std::filesystem::path& environment_dir, const std::string& sha256);

}  // namespace ktx::runtime
