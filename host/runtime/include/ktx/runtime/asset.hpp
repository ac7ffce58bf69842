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

/// `assets/python/manifest.json`: the wheel that this ktx ships with, and for each feature level the complete
/// hash-locked list of third-party packages. The list for local embeddings includes those of core; that of a
/// driver has only what it adds to core. All lists agree on every version.
struct AssetManifest {
  std::string version;  ///< the wheel's own, which need not be that of ktx
  AssetFile wheel;
  AssetFile core_requirements;
  AssetFile local_embeddings_requirements;

  /// Includes those of local embeddings. std::nullopt in the receipt of a ktx that had no such feature.
  std::optional<AssetFile> sentence_transformers_requirements = std::nullopt;

  /// `tools.uv`: the version of uv that is fetched if there is none, and the digests of its wheels.
  /// std::nullopt in the receipt of a ktx that did not fetch it.
  std::optional<AssetFile> uv_requirements = std::nullopt;

  /// By driver. A driver without a list, as in the receipt of an older ktx, cannot be installed.
  std::map<Feature, AssetFile> driver_requirements = {};

  /// The lists to install for `features`: one for the level, and one for each driver. Throws an `asset` error
  /// if one is missing.
  std::vector<const AssetFile*> requirements(const Features& features) const;

  /// Identifies the content of those lists: the digest of the only one, or a digest of all their digests.
  std::string requirements_sha256(const Features& features) const;

  /// The features that can be installed: those with a list.
  Features installable() const;

  bool operator==(const AssetManifest&) const = default;
};

/// One entry: `file`, `sha256`, `bytes`.
AssetFile asset_file_from_json(const JsonObject& object);
Json to_json(const AssetFile& file);

/// Reads a manifest strictly; unknown keys are dropped. The safety of file names is not checked. Errors have
/// the kind of `object`.
AssetManifest asset_manifest_from_json(const JsonObject& object);

Json to_json(const AssetManifest& manifest);

/// The bundled manifest with safe file names. Throws an `asset` error.
AssetManifest read_asset_manifest(const Layout& layout);

/// The verified bytes. Installs are made from these; the files in the asset folder are not read a second
/// time.
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
