#include "ktx/output/status_view.hpp"

#include "ktx/output/daemon_view.hpp"
#include "layout_json.hpp"

namespace ktx::cli {

std::string status_text(const runtime::Status& status, const runtime::Layout& layout) {
  std::string text = "KTX Python runtime\n";
  text += "status: " + std::string(runtime::name(status.kind)) + "\n";
  text += "detail: " + status.detail + "\n";
  text += "runtime root: " + layout.runtime_root.string() + "\n";
  text += "version dir: " + layout.version_dir.string() + "\n";
  if (!status.receipt) return text + daemon_status_text(layout);
  text += "features: " + runtime::join_names(status.receipt->features) + "\n";
  text += "python: " + status.receipt->python_executable.string() + "\n";
  text += "daemon: " + status.receipt->daemon_executable.string() + "\n";
  return text + daemon_status_text(layout);
}

std::string status_json(const runtime::Status& status, const runtime::Layout& layout) {
  Json document = {
      {"kind", runtime::name(status.kind)}, {"detail", status.detail}, {"layout", layout_json(layout)}};
  if (status.receipt) document["manifest"] = runtime::to_json(*status.receipt);
  document["daemon"] = daemon_status_json(layout);
  return pretty_json(document);
}

}  // namespace ktx::cli
