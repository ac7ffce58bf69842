#include "ktx/runtime/asset.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/digest.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::runtime {
namespace {

// Takes the first entry off `rest`: a package's line, and the indented lines of its hashes.
std::string_view take_entry(std::string_view& rest) {
  std::size_t end = 0;
  do {
    const std::size_t line_end = rest.find('\n', end);
    end = line_end == std::string_view::npos ? rest.size() : line_end + 1;
  } while (end < rest.size() && rest[end] == ' ');
  const std::string_view entry = rest.substr(0, end);
  rest.remove_prefix(end);
  return entry;
}

// Merges lists of locked packages: their entries in order, each once. A single list is returned unchanged, so
// that its digest stays valid.
std::string merged_lists(const std::vector<std::string>& lists) {
  if (lists.size() == 1) return lists.front();
  std::string merged;
  std::set<std::string_view> seen;
  for (std::string_view rest : lists) {
    while (!rest.empty()) {
      const std::string_view entry = take_entry(rest);
      if (!seen.insert(entry).second) continue;
      merged += entry;
      if (!merged.ends_with('\n')) merged += '\n';
    }
  }
  return merged;
}

constexpr std::string_view distribution_name = "kaelio-ktx";
constexpr std::string_view normalized_name = "kaelio_ktx";
constexpr const char* asset_fix = "Reinstall ktx: its bundled wheel is missing or damaged";

void require(const JsonObject& object, std::string_view key, std::string_view value) {
  if (object.string(key) != value) throw object.wrong(key, "must be \"" + std::string(value) + "\"");
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// A name with a separator of any platform could lead out of the asset folder.
bool is_safe(std::string_view file) { return file.find_first_of("/\\") == std::string_view::npos; }

void require_safe_names(const AssetManifest& manifest) {
  if (!is_safe(manifest.wheel.file)) {
    throw Error(ErrorKind::asset, "Unsafe runtime wheel filename in bundled manifest: " + manifest.wheel.file,
                asset_fix);
  }
  std::vector<const AssetFile*> lists = {&manifest.core_requirements,
                                         &manifest.local_embeddings_requirements};
  for (const auto* list : {&manifest.sentence_transformers_requirements, &manifest.uv_requirements}) {
    if (*list) lists.push_back(&**list);
  }
  for (const auto& [driver, list] : manifest.driver_requirements) lists.push_back(&list);
  for (const AssetFile* file : lists) {
    if (is_safe(file->file)) continue;
    throw Error(ErrorKind::asset, "Unsafe requirements filename in bundled manifest: " + file->file,
                asset_fix);
  }
}

// The file's bytes, read once. `what` begins the message if they do not match the manifest.
std::string verified_bytes(const Layout& layout, const AssetFile& file, std::string_view what) {
  const std::filesystem::path path = layout.asset_dir / file.file;
  std::string bytes;
  try {
    bytes = read_file(path);
  } catch (const Error& error) {
    throw Error(ErrorKind::asset, error.message(), asset_fix);
  }
  // The size first, which spares hashing a truncated wheel.
  if (bytes.size() != file.bytes || hex(sha256(bytes)) != file.sha256) {
    throw Error(ErrorKind::asset, std::string(what) + " checksum mismatch: " + path.string(), asset_fix);
  }
  return bytes;
}

}  // namespace

AssetFile asset_file_from_json(const JsonObject& object) {
  AssetFile file{object.non_empty_string("file"), object.string("sha256"), object.count("bytes")};
  if (!is_sha256(file.sha256)) throw object.wrong("sha256", "must be 64 lower-case hexadecimal characters");
  return file;
}

Json to_json(const AssetFile& file) {
  return {{"file", file.file}, {"sha256", file.sha256}, {"bytes", file.bytes}};
}

std::vector<const AssetFile*> AssetManifest::requirements(const Features& features) const {
  const auto no_list = [](Feature feature) {
    return Error(ErrorKind::asset,
                 "The bundled runtime manifest has no list for " + std::string(name(feature)), asset_fix);
  };
  std::vector<const AssetFile*> lists;
  if (contains(features, Feature::sentence_transformers)) {
    if (!sentence_transformers_requirements) throw no_list(Feature::sentence_transformers);
    lists.push_back(&*sentence_transformers_requirements);
  } else {
    const bool embeds = contains(features, Feature::local_embeddings);
    lists.push_back(embeds ? &local_embeddings_requirements : &core_requirements);
  }
  for (const Feature feature : features) {
    if (!is_driver(feature)) continue;
    const auto found = driver_requirements.find(feature);
    if (found == driver_requirements.end()) throw no_list(feature);
    lists.push_back(&found->second);
  }
  return lists;
}

std::string AssetManifest::requirements_sha256(const Features& features) const {
  const auto lists = requirements(features);
  if (lists.size() == 1) return lists.front()->sha256;
  std::string digests;
  for (const AssetFile* list : lists) digests += list->sha256 + "\n";
  return hex(sha256(digests));
}

Features AssetManifest::installable() const {
  Features features = {sentence_transformers_requirements ? Feature::sentence_transformers
                                                          : Feature::local_embeddings};
  for (const auto& [driver, list] : driver_requirements) features.push_back(driver);
  return normalize(features);
}

AssetManifest asset_manifest_from_json(const JsonObject& object) {
  if (object.integer("schemaVersion") != 1) throw object.wrong("schemaVersion", "must be 1");
  require(object, "distributionName", distribution_name);
  require(object, "normalizedName", normalized_name);
  const JsonObject requirements = object.object("requirements");
  std::optional<AssetFile> sentence_transformers;
  if (requirements.has(name(Feature::sentence_transformers))) {
    sentence_transformers = asset_file_from_json(requirements.object(name(Feature::sentence_transformers)));
  }
  std::map<Feature, AssetFile> drivers;
  for (const std::string_view feature_name : feature_names()) {
    const Feature feature = feature_from_name(feature_name);
    if (!is_driver(feature) || !requirements.has(feature_name)) continue;
    drivers[feature] = asset_file_from_json(requirements.object(feature_name));
  }
  std::optional<AssetFile> uv;
  if (object.has("tools")) uv = asset_file_from_json(object.object("tools").object("uv"));
  return {.version = object.non_empty_string("version"),
          .wheel = asset_file_from_json(object.object("wheel")),
          .core_requirements = asset_file_from_json(requirements.object(name(Feature::core))),
          .local_embeddings_requirements =
              asset_file_from_json(requirements.object(name(Feature::local_embeddings))),
          .sentence_transformers_requirements = std::move(sentence_transformers),
          .uv_requirements = std::move(uv),
          .driver_requirements = std::move(drivers)};
}

Json to_json(const AssetManifest& manifest) {
  Json document = {{"schemaVersion", 1},
                   {"distributionName", distribution_name},
                   {"normalizedName", normalized_name},
                   {"version", manifest.version},
                   {"wheel", to_json(manifest.wheel)},
                   {"requirements",
                    {{name(Feature::core), to_json(manifest.core_requirements)},
                     {name(Feature::local_embeddings), to_json(manifest.local_embeddings_requirements)}}}};
  if (const auto& list = manifest.sentence_transformers_requirements) {
    document["requirements"][std::string(name(Feature::sentence_transformers))] = to_json(*list);
  }
  for (const auto& [driver, list] : manifest.driver_requirements) {
    document["requirements"][std::string(name(driver))] = to_json(list);
  }
  // Left out if absent, as in the manifests of older versions.
  if (manifest.uv_requirements) document["tools"] = {{"uv", to_json(*manifest.uv_requirements)}};
  return document;
}

AssetManifest read_asset_manifest(const Layout& layout) {
  const std::string what = "Bundled runtime manifest " + layout.asset_manifest_path.string();
  try {
    const Json document = parse_json(read_file(layout.asset_manifest_path), what, ErrorKind::asset);
    AssetManifest manifest = asset_manifest_from_json({document, what, ErrorKind::asset});
    require_safe_names(manifest);
    return manifest;
  } catch (const Error& error) {
    throw Error(ErrorKind::asset, error.message(), asset_fix);
  }
}

VerifiedAsset verify_asset(const Layout& layout, const Features& features) {
  AssetManifest manifest = read_asset_manifest(layout);
  std::string wheel = verified_bytes(layout, manifest.wheel, "Bundled Python runtime wheel");
  std::vector<std::string> lists;
  for (const AssetFile* list : manifest.requirements(features)) {
    lists.push_back(verified_bytes(layout, *list, "Bundled Python requirements"));
  }
  std::string requirements = merged_lists(lists);
  std::string uv;
  if (manifest.uv_requirements) uv = verified_bytes(layout, *manifest.uv_requirements, "Bundled list for uv");
  std::filesystem::path wheel_path = layout.asset_dir / manifest.wheel.file;
  return {.manifest = std::move(manifest),
          .wheel_path = std::move(wheel_path),
          .wheel = std::move(wheel),
          .lists = std::move(lists),
          .requirements = std::move(requirements),
          .uv_requirements = std::move(uv)};
}

}  // namespace ktx::runtime
