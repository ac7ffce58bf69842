#include "ktx/output/verify_view.hpp"

#include <algorithm>

#include "layout_json.hpp"

namespace ktx::cli {
namespace {

/// The command that mends what was found; a damaged package of ktx itself cannot be mended by ktx.
std::string fix_of_findings(const runtime::Verification& verification) {
  const bool shipped = std::ranges::any_of(verification.findings,
                                           [](const auto& finding) { return finding.subject == "asset"; });
  if (shipped) return "Reinstall ktx: its bundled wheel is missing or damaged";
  if (!verification.status.newer_writer.empty()) {
    return "Use ktx " + verification.status.newer_writer + ", or run: ktx runtime install --force --yes";
  }
  return verification.status.kind == runtime::StatusKind::missing ? "Run: ktx runtime install --yes"
                                                                  : "Run: ktx runtime repair";
}

}  // namespace

std::string verify_text(const runtime::Verification& verification) {
  std::string text = "KTX Python runtime verification\n";
  for (const runtime::Finding& finding : verification.findings) {
    text += finding.subject + ": " + finding.detail + "\n";
  }
  if (verification.intact()) {
    return text + std::to_string(verification.files) +
           " installed files, the shipped files and the interpreter are as they were installed\n";
  }
  const std::size_t count = verification.findings.size();
  return text + std::to_string(count) + (count == 1 ? " difference\n" : " differences\n") +
         "  Fix: " + fix_of_findings(verification) + "\n";
}

std::string verify_json(const runtime::Verification& verification, const runtime::Layout& layout) {
  Json findings = Json::array();
  for (const runtime::Finding& finding : verification.findings) {
    findings.push_back({{"subject", finding.subject}, {"detail", finding.detail}});
  }
  Json document = {{"intact", verification.intact()},
                   {"kind", runtime::name(verification.status.kind)},
                   {"detail", verification.status.detail},
                   {"files", verification.files},
                   {"differences", std::move(findings)}};
  if (!verification.intact()) document["fix"] = fix_of_findings(verification);
  document["layout"] = layout_json(layout);
  return pretty_json(document);
}

}  // namespace ktx::cli
