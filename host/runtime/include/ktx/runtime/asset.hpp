#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/json.hpp"

namespace ktx::runtime {

/// One shipped file: its name in the asset folder and what its bytes must be.
struct AssetFile {
  std::string file;
  std::string sha256;  ///< 64 lower-case hexadecimal characters
  std::uint64_t bytes = 0;

  bool operator==(const AssetFile&) const = default;
};

/// `assets/python/manifest.json`: the wheel that this ktx ships with, and per feature level the complete
/// hash-locked list of third-party packages. The one for local embeddings holds those of core as well; that
/// of a driver holds only what it adds to core. All lists agree on every version.
struct AssetManifest {
  std::string version;  ///< the wheel's own, which need not be that of ktx
  AssetFile wheel;
  AssetFile core_requirements;
  AssetFile local_embeddings_requirements;

  /// Holds those of local embeddings too. Nothing in the receipt of a ktx that had no such feature.
  std::optional<AssetFile> sentence_transformers_requirements = std::nullopt;

  /// `tools.uv`: the version of uv that is fetched when there is none, and the digests of its wheels. Nothing
  /// in the receipt of a ktx that did not fetch it.
  std::optional<AssetFile> uv_requirements = std::nullopt;

  /// By driver. Those that are missing, as in the receipt of an older ktx, cannot be installed.
  std::map<Feature, AssetFile> driver_requirements = {};

  /// The lists to install for `features`: one of a level, and one for each driver. Throws an `asset` error
  /// when one is missing.
  std::vector<const AssetFile*> requirements(const Features& features) const;

  /// What stands for the content of those lists: the digest of the only one, or one of all their digests.
  std::string requirements_sha256(const Features& features) const;

  /// The features that can be installed: those with a list.
  Features installable() const;

  bool operator==(const AssetManifest&) const = default;
};

/// One entry: `file`, `sha256`, `bytes`.
AssetFile asset_file_from_json(const JsonObject& object);
Json to_json(const AssetFile& file);

/// Reads a manifest strictly; keys that are not known are dropped. Whether the file names are safe is not
/// looked at. Errors have the kind that `object` was given.
AssetManifest asset_manifest_from_json(const JsonObject& object);

Json to_json(const AssetManifest& manifest);

/// The bundled manifest with safe file names. Throws an `asset` error.
AssetManifest read_asset_manifest(const Layout& layout);

/// The bytes that were verified: what is installed is made of these, and the files in the asset folder
/// are not read a second time.
struct VerifiedAsset {
  AssetManifest manifest;
  std::filesystem::path wheel_path;
  std::string wheel;                 ///< bytes
  std::vector<std::string> lists;    ///< bytes of each of `manifest.requirements(features)`
  std::string requirements;          ///< all of these as one list
  std::string uv_requirements = {};  ///< bytes; empty when the manifest names none
};

/// Reads the wheel, the lists for `features` and the one for uv, and checks each against the manifest. Throws
/// an `asset` error that names the file.
VerifiedAsset verify_asset(const Layout& layout, const Features& features);

}  // namespace ktx::runtime
