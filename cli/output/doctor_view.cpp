#include "ktx/output/doctor_view.hpp"

namespace ktx::cli {
namespace {

/// "kaelio-ktx 0.1.0, sqlglot 30.30.0" for an object, its items for a list.
std::string members_text(const Json& value) {
  std::string text;
  for (const auto& [key, member] : value.items()) {
    text += text.empty() ? "" : ", ";
    if (value.is_object()) text += key + " ";
    text += member.is_string() ? member.get<std::string>() : compact_json(member);
  }
  return text;
}

std::string value_text(const Json& value) {
  if (value.is_structured()) return members_text(value);
  std::string text = value.is_string() ? value.get<std::string>() : compact_json(value);
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
    text.insert(at + 1, "    ");  // what belongs to a member stands further in than the members
  }
  return text;
}

/// One indented line per member of the interpreter's own report; nothing for what is empty.
std::string health_text(const Json& health) {
  std::string text;
  for (const auto& [key, value] : health.items()) {
    if (value.is_structured() && value.empty()) continue;
    text += "  " + key + ": " + value_text(value) + "\n";
  }
  return text;
}

std::string_view mark(runtime::CheckStatus status) {
  switch (status) {
    case runtime::CheckStatus::pass: return "PASS";
    case runtime::CheckStatus::warn: return "WARN";
    case runtime::CheckStatus::fail: break;
  }
  return "FAIL";
}

Json check_json(const runtime::DoctorCheck& check) {
  Json object = {{"status", runtime::name(check.status)},
                 {"id", check.id},
                 {"label", check.label},
                 {"detail", check.detail}};
  if (!check.fix.empty()) object["fix"] = check.fix;
  return object;
}

}  // namespace

std::string doctor_text(const runtime::DoctorReport& report) {
  std::string text = "KTX Python runtime doctor\n";
  for (const runtime::DoctorCheck& check : report.checks) {
    text += std::string(mark(check.status)) + " " + check.label + ": " + check.detail + "\n";
    if (!check.fix.empty()) text += "  Fix: " + check.fix + "\n";
    if (check.id == "interpreter" && report.interpreter) text += health_text(*report.interpreter);
  }
  return text;
}

std::string doctor_json(const runtime::DoctorReport& report) {
  Json checks = Json::array();
  for (const runtime::DoctorCheck& check : report.checks) checks.push_back(check_json(check));
  Json document = {{"checks", std::move(checks)}};
  if (report.interpreter) document["interpreter"] = *report.interpreter;
  return pretty_json(document);
}

}  // namespace ktx::cli
