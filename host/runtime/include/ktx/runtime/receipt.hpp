#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/json.hpp"

namespace ktx::runtime {

/// `<version_dir>/manifest.json`: what is installed and how to load it. It is written last, whole or not at
/// all; a runtime without a valid one is not installed.
struct Receipt {
  static constexpr std::int64_t current_version = 1;  ///< of the receipt's own format

  std::string cli_version;   ///< of the ktx that installed it
  std::string installed_at;  ///< see `format_timestamp`
  AssetManifest asset;
  Features features;
  std::filesystem::path python_executable;
  std::filesystem::path daemon_executable;
  std::filesystem::path install_log;
  std::string environment;  ///< the built environment's folder name in the version directory
  Interpreter interpreter;
  std::string requirements_sha256;  ///< of the locked list that was installed
  std::string record_sha256;        ///< see `RecordCheck`
  std::string inventory_sha256;     ///< see `write_inventory`
  std::string requested_python;     ///< what the user asked for by name; empty when ktx chose
};

Json to_json(const Receipt& receipt);

/// The contents of the receipt's file. At most one member is set.
struct LoadedReceipt {
  std::optional<Receipt> receipt;

  /// Why the file cannot be used, if it exists.
  std::string error;

  /// The file has a format newer than this ktx knows: the version of the ktx that wrote it.
  std::string newer_writer;

  bool absent() const { return !receipt && error.empty() && newer_writer.empty(); }
};

/// Reads the text of a receipt strictly; `what` names it in an error.
LoadedReceipt parse_receipt(std::string_view text, const std::string& what);

/// Reads the receipt's file strictly. A file that cannot be used is a value, not an error.
LoadedReceipt load_receipt(const Layout& layout);

/// What identifies the installed runtime: a digest of the receipt without libpython's inode and time, which
/// are others in a copy. std::nullopt if there is no receipt; throws an `io` error if it cannot be read.
std::optional<std::string> receipt_digest(const Layout& layout);

/// Writes into the receipt where `recognize` found libpython, so that one stat is enough again. Does nothing
/// if the receipt says so already, was replaced meanwhile, cannot be written, or somebody changes the
/// runtime.
void remember_libpython(const Layout& layout, const Receipt& receipt);

}  // namespace ktx::runtime
