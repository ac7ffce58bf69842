#include "ktx/runtime/install_plan.hpp"

#include <filesystem>

#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

Features wanted_features(const Status& status, const InstallRequest& request) {
  Features features = request.features;
  if (status.receipt && !request.exact) {
    features.insert(features.end(), status.receipt->features.begin(), status.receipt->features.end());
  }
  return normalize(features);
}

/// Whether the installed interpreter is what `--python` asks for.
bool is_requested_python(const Interpreter& interpreter, const std::string& requested) {
  if (requested.find('/') != std::string::npos) {
    std::error_code ignored;
    return std::filesystem::equivalent(requested, interpreter.base_executable, ignored);
  }
  return interpreter.version == requested || interpreter.version.starts_with(requested + ".");
}

}  // namespace

InstallPlan plan_install(const Status& status, const InstallRequest& request, const Layout& layout) {
  if (!status.newer_writer.empty() && !request.force) {
    throw Error(ErrorKind::runtime_broken,
                "The KTX Python runtime at " + layout.version_dir.string() + " was written by ktx " +
                    status.newer_writer + ", in a format that this ktx does not know",
                "Use that version of ktx, or replace the runtime: ktx runtime install --force --yes");
  }
  InstallPlan plan{true, wanted_features(status, request)};
  plan.needed = request.force || status.kind != StatusKind::ready ||
                status.receipt->features != plan.features ||
                (request.python && !is_requested_python(status.receipt->interpreter, *request.python));
  return plan;
}

}  // namespace ktx::runtime
