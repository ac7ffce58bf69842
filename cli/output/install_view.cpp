#include "ktx/output/install_view.hpp"

#include "layout_json.hpp"

namespace ktx::cli {
namespace {

std::string receipt_lines(const runtime::Receipt& receipt, const runtime::Layout& layout) {
  return "version: " + receipt.cli_version + "\n" + "features: " + runtime::join_names(receipt.features) +
         "\n" + "python: " + receipt.python_executable.string() + "\n" +
         "daemon: " + receipt.daemon_executable.string() + "\n" +
         "manifest: " + layout.manifest_path.string() + "\n" +
         "install log: " + layout.install_log_path.string() + "\n";
}

}  // namespace

std::string install_text(const runtime::InstallResult& result, const runtime::Layout& layout) {
  return std::string(result.installed ? "Installed" : "Using existing") + " KTX Python runtime\n" +
         receipt_lines(result.receipt, layout);
}

std::string install_json(const runtime::InstallResult& result, const runtime::Layout& layout) {
  return pretty_json({{"state", result.installed ? "installed" : "ready"},
                      {"layout", layout_json(layout)},
                      {"manifest", runtime::to_json(result.receipt)}});
}

std::string repair_text(const runtime::InstallResult& result, const runtime::Layout& layout) {
  std::string text = "Nothing to repair in the KTX Python runtime\n";
  if (result.installed) text = "Installed KTX Python runtime\n";
  if (!result.damage.empty()) text = "Repaired KTX Python runtime\ndamage: " + result.damage + "\n";
  return text + receipt_lines(result.receipt, layout);
}

std::string repair_json(const runtime::InstallResult& result, const runtime::Layout& layout) {
  Json document = {{"state", result.installed ? "installed" : "ready"}};
  if (!result.damage.empty()) document = {{"state", "repaired"}, {"damage", result.damage}};
  document["layout"] = layout_json(layout);
  document["manifest"] = runtime::to_json(result.receipt);
  return pretty_json(document);
}

}  // namespace ktx::cli
