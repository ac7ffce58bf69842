#include "ktx/runtime/bundle.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <string_view>

#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

/// Whether a path of a bundle's file stays in the bundle: plain names, separated by '/'.
bool stays_inside(std::string_view file) {
  if (file.find('\\') != std::string_view::npos || file.find(':') != std::string_view::npos) return false;
  const std::filesystem::path path(file);
  return !path.is_absolute() && std::none_of(path.begin(), path.end(), [](const auto& part) {
    return part.empty() || part == "." || part == "..";
  });
}

std::vector<AssetFile> files_from_json(const JsonObject& object) {
  std::vector<AssetFile> files;
  const Json& list = object.array("files");
  for (std::size_t i = 0; i < list.size(); ++i) {
    files.push_back(asset_file_from_json(object.element("files", i)));
    if (!stays_inside(files.back().file)) {
      throw object.wrong("files", "has an unsafe name: " + files.back().file);
    }
  }
  return files;
}

Features bundle_features(const JsonObject& object) {
  Features features;
  for (const std::string& text : object.strings("features")) {
    if (!is_feature_name(text)) throw object.wrong("features", "has an unknown name: " + text);
    features.push_back(feature_from_name(text));
  }
  return normalize(features);
}

}  // namespace

BundleDescription bundle_description_from_json(const JsonObject& object) {
  if (object.integer("schemaVersion") != 1) throw object.wrong("schemaVersion", "must be 1");
  BundleDescription description{.cli_version = object.non_empty_string("cliVersion"),
                                .platform = object.non_empty_string("platform"),
                                .pythons = object.strings("pythons"),
                                .features = bundle_features(object),
                                .requirements = {},
                                .files = files_from_json(object)};
  const JsonObject requirements = object.object("requirements");
  for (const auto& [list, digest] : requirements.value().items()) {
    description.requirements[list] = requirements.string(list);
  }
  return description;
}

Json to_json(const BundleDescription& description) {
  Json features = Json::array();
  for (const Feature feature : description.features) features.push_back(name(feature));
  Json files = Json::array();
  for (const AssetFile& file : description.files) files.push_back(to_json(file));
  return {{"schemaVersion", 1},
          {"cliVersion", description.cli_version},
          {"platform", description.platform},
          {"pythons", description.pythons},
          {"features", std::move(features)},
          {"requirements", description.requirements},
          {"files", std::move(files)}};
}

std::string bundle_platform() {
  struct utsname names {};
  ::uname(&names);
  const std::string platform = lower_case(std::string(names.sysname) + "-" + names.machine);
#if defined(__linux__) && defined(__GLIBC__)
  return platform + "-gnu";
#elif defined(__linux__)
  return platform + "-musl";
#else
  return platform;
#endif
}

std::map<std::string, std::string> requirement_digests(const AssetManifest& manifest) {
  std::map<std::string, std::string> digests = {
      {std::string(name(Feature::core)), manifest.core_requirements.sha256},
      {std::string(name(Feature::local_embeddings)), manifest.local_embeddings_requirements.sha256}};
  if (const auto& list = manifest.sentence_transformers_requirements) {
    digests[std::string(name(Feature::sentence_transformers))] = list->sha256;
  }
  for (const auto& [driver, list] : manifest.driver_requirements) {
    digests[std::string(name(driver))] = list.sha256;
  }
  if (manifest.uv_requirements) digests["uv"] = manifest.uv_requirements->sha256;
  return digests;
}

}  // namespace ktx::runtime
