#include "bundle_open.hpp"

#include "archive.hpp"
#include "ktx/runtime/interpreter_choice.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::runtime {
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
  if (bytes == file.bytes && hex(sha256_of_file(path)) == file.sha256) return;
  throw unfit_bundle(name, file.file + " is damaged: its SHA-256 is not the one in bundle.json", copy_fix);
}

fs::path folder_of(const Layout& layout, const InstallRequest& request, const InstallServices& services,
                   const fs::path& staging) {
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
  opened.offline = true;
  opened.find_links = {(folder / "wheels").string()};
  opened.python_minors = bundle.pythons;
  return opened;
}

}  // namespace ktx::runtime
