#include "ktx/check/verification.hpp"

#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/environment_link.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

// The features that the manifest lists; only core if it cannot be read, which `verify_asset` then reports.
Features shipped_features(const Layout& layout) {
  try {
    return read_asset_manifest(layout).installable();
  } catch (const Error&) {
    return {Feature::core};
  }
}

void verify_shipped_files(const Layout& layout, std::vector<Difference>& differences) {
  for (const Feature feature : shipped_features(layout)) {
    try {
      verify_asset(layout, {feature});
    } catch (const Error& error) {
      // Features share the wheel, whose fault is one difference.
      if (differences.empty() || differences.back().detail != error.message()) {
        differences.push_back({"asset", error.message()});
      }
    }
  }
}

void verify_environment(const Receipt& receipt, const Layout& layout, Verification& verification) {
  const auto check = check_inventory(layout.environment_dir(receipt.environment), receipt.inventory_sha256);
  verification.files = check.files;
  for (const FileDifference& difference : check.differences) {
    verification.differences.push_back({"file", difference.describe()});
  }
  // Programs that start `.venv/bin/python` would get another environment than ktx itself.
  if (linked_environment(layout) != receipt.environment) {
    verification.differences.push_back(
        {"link", layout.venv_dir.string() + " does not point at " + receipt.environment});
  }
}

}  // namespace

Verification verify_runtime(const Layout& layout,
                            const std::function<InterpreterHealth(const Interpreter&)>& health,
                            const EmbeddingsCheck& embeddings) {
  Verification verification{.status = runtime_status(layout), .differences = {}};
  verify_shipped_files(layout, verification.differences);
  const Status& status = verification.status;
  if (status.kind != StatusKind::ready) verification.differences.push_back({"runtime", status.detail});
  if (!status.receipt) return verification;
  verify_environment(*status.receipt, layout, verification);
  const InterpreterHealth answer = health(status.receipt->interpreter);
  if (!answer.healthy) verification.differences.push_back({"interpreter", answer.detail, answer.fix});
  if (!embeddings || !contains(status.receipt->features, Feature::local_embeddings)) return verification;
  const EmbeddingsHealth model = embeddings(status.receipt->interpreter, status.receipt->features);
  if (!model.healthy) verification.differences.push_back({"embeddings", model.detail});
  return verification;
}

}  // namespace ktx::runtime
