#include "output/install_view.hpp"

#include "output/layout_json.hpp"

namespace ktx::cli {

std::string install_text(const runtime::InstallResult& result, const runtime::Layout& layout) {
  const runtime::Receipt& receipt = result.receipt;
  return std::string(result.installed ? "Installed" : "Using existing") + " KTX Python runtime\n" +
         "version: " + receipt.cli_version + "\n" + "features: " + runtime::join_names(receipt.features) +
         "\n" + "python: " + receipt.python_executable.string() + "\n" +
         "daemon: " + receipt.daemon_executable.string() + "\n" +
         "manifest: " + layout.manifest_path.string() + "\n" +
         "install log: " + layout.install_log_path.string() + "\n";
}

std::string install_json(const runtime::InstallResult& result, const runtime::Layout& layout) {
  return pretty_json({{"state", result.installed ? "installed" : "ready"},
                      {"layout", layout_json(layout)},
                      {"manifest", runtime::to_json(result.receipt)}});
}

}  // namespace ktx::cli
