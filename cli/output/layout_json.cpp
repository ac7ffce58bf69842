#include "layout_json.hpp"

namespace ktx::cli {

Json layout_json(const runtime::Layout& layout) {
  return {{"cliVersion", layout.cli_version},
          {"runtimeRoot", layout.runtime_root.string()},
          {"versionDir", layout.version_dir.string()},
          {"venvDir", layout.venv_dir.string()},
          {"manifestPath", layout.manifest_path.string()},
          {"installLogPath", layout.install_log_path.string()},
          {"assetDir", layout.asset_dir.string()},
          {"assetManifestPath", layout.asset_manifest_path.string()},
          {"pythonPath", layout.python_path.string()},
          {"daemonPath", layout.daemon_path.string()}};
}

}  // namespace ktx::cli
