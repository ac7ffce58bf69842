#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "install_log.hpp"
#include "ktx/install/install_services.hpp"
#include "ktx/install/uv.hpp"
#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/python_discovery.hpp"

namespace ktx::runtime {

/// What an environment is built from.
struct Ingredients {
  const VerifiedAsset& asset;
  const Features& features;
  const Uv& uv;
  const FitPython& python;
  bool offline = false;
  std::vector<std::string> find_links;  ///< more places to find wheels; the only ones when offline
};

struct BuiltEnvironment {
  Interpreter interpreter;  ///< with the paths of the environment itself
  std::string record_sha256;
  std::string inventory_sha256;
};

/// Builds and verifies a complete environment at `directory`, which must not exist yet. `staging` is a
/// private folder for the files that uv reads. Throws what `install` throws.
BuiltEnvironment build_environment(const std::filesystem::path& directory,
                                   const std::filesystem::path& staging, const Ingredients& ingredients,
                                   const Layout& layout, const InstallServices& services, InstallLog& log);

}  // namespace ktx::runtime
