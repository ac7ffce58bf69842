#include "ktx/install/install_plan.hpp"

#include <filesystem>

#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

Features wanted_features(const Status& status, const InstallRequest& request) {
  Features features = request.features;
  // An install adds features and keeps those that are there, unless told otherwise.
  if (status.receipt && !request.exact) {
    features.insert(features.end(), status.receipt->features.begin(), status.receipt->features.end());
  }
  return normalize(features);
}

// Whether the installed interpreter is what `--python` asks for.
bool is_requested_python(const Interpreter& interpreter, const std::string& requested) {
  // As a shell does: a name with a slash is a path. It may be a link to the interpreter that is recorded.
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

namespace {

// What to install: everything, unless the runtime is sound and only lacks features.
Features missing_features(const Status& status, const Features& needed) {
  Features missing = normalize(needed);
  if (status.kind != StatusKind::ready) return missing;
  std::erase_if(missing, [&](Feature feature) { return contains(status.receipt->features, feature); });
  return missing;
}

// Why the user is asked to agree.
std::string reason_for(Feature feature, const Status& status) {
  if (feature == Feature::local_embeddings) return "Local embeddings need more packages and a model";
  if (feature == Feature::sentence_transformers) {
    return "The embedding backend sentence-transformers needs torch, with its CUDA libraries on Linux";
  }
  if (is_driver(feature)) {
    return "Connections of the driver " + std::string(name(feature)) + " need its Python packages";
  }
  if (status.kind == StatusKind::missing) {
    return "ktx needs its Python runtime: an interpreter's environment with the query planner's packages";
  }
  return "The KTX Python runtime cannot be used and must be installed anew: " + status.detail;
}

std::string question(Feature feature, const Status& status, const Layout& layout) {
  return reason_for(feature, status) + ".\nPackages are installed into " + layout.version_dir.string() +
         "; about " + size_in_words(approximate_download(feature)) +
         " of Python dependencies will be downloaded, which take " +
         size_in_words(approximate_disk_space({feature})) + " there.\nInstall now? [Y/n] ";
}

std::string install_command(const Features& needed) {
  return "ktx runtime install --yes" + feature_options(needed);
}

}  // namespace

InstallDecision decide_install(const Status& status, const Features& needed, const InstallPolicy& policy,
                               const Layout& layout) {
  InstallDecision decision{InstallAction::ready, missing_features(status, needed), {}};
  if (decision.missing.empty()) return decision;
  // Only an explicit --force replaces a newer ktx's, and nothing of this user's replaces somebody else's.
  const bool replaceable = status.newer_writer.empty() && status.fix.empty();
  // Without a person at a terminal a question would wait for ever.
  const bool may_ask = !policy.no_input && !policy.ci && policy.terminals;
  if (!replaceable || (!policy.yes && !may_ask)) {
    decision.action = InstallAction::refuse;
  } else if (policy.yes) {
    decision.action = InstallAction::install;
  } else {
    decision.action = InstallAction::ask;
    for (const Feature feature : decision.missing)
      decision.questions.push_back(question(feature, status, layout));
  }
  return decision;
}

Error refusal(const Status& status, const Features& needed) {
  if (!status.newer_writer.empty()) {
    return {ErrorKind::runtime_broken,
            "The KTX Python runtime was written by ktx " + status.newer_writer + ", in a newer format",
            "Use that version of ktx, or run: ktx runtime install --force --yes"};
  }
  if (status.kind == StatusKind::broken || status.kind == StatusKind::mismatched) {
    return {ErrorKind::runtime_broken, "The KTX Python runtime cannot be used: " + status.detail,
            status.fix.empty() ? "Run: " + install_command(needed) : status.fix};
  }
  return {ErrorKind::runtime_missing,
          "The KTX Python runtime is not installed. Run: " + install_command(needed)};
}

}  // namespace ktx::runtime
