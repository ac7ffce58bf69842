#include "ktx/output/bundle_view.hpp"

namespace ktx::cli {

std::string bundle_text(const runtime::Bundle& bundle) {
  std::string pythons;
  for (const std::string& minor : bundle.description.pythons) {
    pythons += (pythons.empty() ? "" : ", ") + minor;
  }
  return "Wrote the KTX Python runtime bundle\npath: " + bundle.path.string() +
         "\nversion: " + bundle.description.cli_version + "\nplatform: " + bundle.description.platform +
         "\npythons: " + pythons + "\nfeatures: " + runtime::join_names(bundle.description.features) +
         "\nfiles: " + std::to_string(bundle.description.files.size()) +
         "\nsize: " + std::to_string(bundle.bytes >> 20U) + " MiB\n";
}

std::string bundle_json(const runtime::Bundle& bundle) {
  return pretty_json({{"path", bundle.path.string()},
                      {"bytes", bundle.bytes},
                      {"bundle", runtime::to_json(bundle.description)}});
}

}  // namespace ktx::cli
