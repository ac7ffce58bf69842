#include "ktx/install/bundle.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <string_view>

#include "helper_python.hpp"
#include "ktx/runtime/python_discovery.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

// Whether a file's path stays inside the bundle: plain names, separated by '/'.
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
  // Wheels for glibc do not run with musl, so the C library is part of the platform.
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

namespace {

namespace fs = std::filesystem;

constexpr const char* new_bundle_fix =
    "Make a new bundle with this ktx, on a machine of this kind with a network: ktx "
    "runtime bundle <path>";
constexpr const char* copy_fix = "Copy the bundle here again, or make a new one: ktx runtime bundle <path>";

Error unfit_bundle(const std::string& name, const std::string& reason, std::string fix = new_bundle_fix) {
  return {ErrorKind::install, "Cannot install from the bundle " + name + ": " + reason, std::move(fix)};
}

BundleDescription read_description(const fs::path& folder, const std::string& name) {
  const auto text = read_file_if_exists(folder / "bundle.json");
  if (!text) throw unfit_bundle(name, "it has no bundle.json, so it is no bundle", copy_fix);
  try {
    const Json document = parse_json(*text, "bundle.json", ErrorKind::install);
    return bundle_description_from_json({document, "bundle.json", ErrorKind::install});
  } catch (const Error& error) {
    throw unfit_bundle(name, error.message(), copy_fix);
  }
}

void require_fit(const BundleDescription& bundle, const std::string& name, const Layout& layout,
                 const Features& features, const AssetManifest& manifest) {
  if (bundle.cli_version != layout.cli_version) {
    throw unfit_bundle(name,
                       "it is for ktx " + bundle.cli_version + ", and this is ktx " + layout.cli_version);
  }
  if (bundle.platform != bundle_platform()) {
    throw unfit_bundle(name, "it is for " + bundle.platform + ", and this is " + bundle_platform());
  }
  if (bundle.requirements != requirement_digests(manifest)) {
    throw unfit_bundle(name, "it was made from other locked requirements than this ktx has");
  }
  if (satisfies(bundle.features, features)) return;
  throw unfit_bundle(
      name, "it has the features " + join_names(bundle.features) + ", and needed are " + join_names(features),
      "Make a bundle with them: ktx runtime bundle <path>" + feature_options(features));
}

void require_file(const fs::path& folder, const AssetFile& file, const std::string& name) {
  const fs::path path = folder / file.file;
  std::error_code missing;
  const auto bytes = fs::file_size(path, missing);
  if (missing) throw unfit_bundle(name, file.file + " is missing", copy_fix);
  // The size first, which spares hashing a truncated file.
  if (bytes == file.bytes && hex(sha256_of_file(path)) == file.sha256) return;
  throw unfit_bundle(name, file.file + " is damaged: its SHA-256 is not the one in bundle.json", copy_fix);
}

fs::path folder_of(const Layout& layout, const InstallRequest& request, const InstallServices& services,
                   const fs::path& staging) {
  // Used where it is: nothing is copied from a folder.
  if (fs::is_directory(*request.bundle)) return *request.bundle;
  if (!path_exists(*request.bundle)) {
    throw unfit_bundle(request.bundle->string(), "there is no such folder or archive",
                       "Name the folder or the .zip archive that ktx runtime bundle made");
  }
  if (services.progress) services.progress({.step = "Unpacking the bundle"});
  const auto python = find_helper_python(services.runner, services.environment, layout,
                                         requested_interpreter(services.environment, request.python));
  if (!python) {
    throw unfit_bundle(request.bundle->string(), "there is no Python 3.8 or later here to unpack it with",
                       "Install CPython, or unpack the archive and name its folder");
  }
  fs::path folder = staging / "bundle";
  Archiver{services.runner, services.environment, *python}.unpack(*request.bundle, folder);
  return folder;
}

}  // namespace

BundleDescription check_bundle(const fs::path& folder, const std::string& name, const Layout& layout,
                               const Features& features, const AssetManifest& manifest) {
  BundleDescription bundle = read_description(folder, name);
  require_fit(bundle, name, layout, features, manifest);
  for (const AssetFile& file : bundle.files) require_file(folder, file, name);
  return bundle;
}

InstallRequest open_bundle(const Layout& layout, const InstallRequest& request, const Features& features,
                           const InstallServices& services, const AssetManifest& manifest,
                           const fs::path& staging) {
  if (!request.bundle) return request;
  const fs::path folder = folder_of(layout, request, services, staging);
  if (services.progress) services.progress({.step = "Checking the bundle"});
  const BundleDescription bundle = check_bundle(folder, request.bundle->string(), layout, features, manifest);
  InstallRequest opened = request;
  // Offline, so that a wheel that the bundle lacks is an error and not a surprise from the network.
  opened.offline = true;
  opened.find_links = {(folder / "wheels").string()};
  opened.python_minors = bundle.pythons;
  return opened;
}

}  // namespace ktx::runtime
