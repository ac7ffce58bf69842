#include "ktx/output/finding_list_view.hpp"

#include <map>
#include <string_view>
#include <utility>

#include "ktx/output/list_view.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

// The finding with each of its texts as one line: a name with a line break in it must not look like a finding
// of its own.
Finding in_lines(Finding finding) {
  for (std::string* text : {&finding.file, &finding.message, &finding.fix}) *text = printable(*text);
  for (std::string& suggestion : finding.suggestions) suggestion = printable(suggestion);
  return finding;
}

// Up to `most` findings of one kind are all written; if there are more, only the `first`.
struct Room {
  std::size_t most;
  std::size_t first;
};

Room room_for(Severity severity) {
  switch (severity) {
    case Severity::error: return {20, 20};  // each must be fixed, but nobody fixes more at once
    case Severity::warning: return {3, 1};
    case Severity::hint: break;
  }
  return {0, 0};
}

// Writes findings one after the other, as far as there is room for their kind.
class ShortList {
 public:
  explicit ShortList(const app::FindingList& list) {
    // Counted first: whether there are too many decides how the first ones are written.
    for (const app::ListedFinding& listed : list.findings) ++kinds_[kind_of(listed.finding)].all;
  }

  std::string text(const Finding& finding) {
    const Room room = room_for(finding.severity);
    Count& count = kinds_[kind_of(finding)];
    const std::size_t shown = count.all <= room.most ? count.all : room.first;
    if (++count.seen > shown) return {};
    std::string lines = render_finding(finding);
    if (count.seen == shown && count.all > shown) {
      lines += "  and " + counted(count.all - shown, "more " + std::string(name(finding.severity))) +
               " of this kind; --verbose lists " + (count.all - shown == 1 ? "it" : "them") + "\n";
    }
    return lines;
  }

 private:
  using Kind = std::pair<Severity, std::string_view>;
  struct Count {
    std::size_t all = 0;
    std::size_t seen = 0;
  };

  static Kind kind_of(const Finding& finding) { return {finding.severity, finding.code}; }

  std::map<Kind, Count> kinds_;
};

// ", 2 warnings, 1 hint (--verbose lists it)".
std::string noted_beside_errors(const app::FindingList& list, bool verbose) {
  std::string text;
  const std::size_t warnings = list.count(Severity::warning);
  const std::size_t hints = list.count(Severity::hint);
  if (warnings != 0) text += ", " + counted(warnings, "warning");
  if (hints == 0) return text;
  text += ", " + counted(hints, "hint");
  if (!verbose) text += hints == 1 ? " (--verbose lists it)" : " (--verbose lists them)";
  return text;
}

std::string summary(const app::FindingList& list, bool verbose) {
  const std::size_t errors = list.count(Severity::error);
  const std::string noted = noted_beside_errors(list, verbose);
  // The name may be that of a source in several connections: a line for each.
  if (errors == 0 && !list.source.empty()) {
    std::string lines;
    for (const std::string& id : list.connections) {
      lines.append("Valid semantic-layer source: ").append(id).append("/");
      lines.append(list.source).append(noted).append("\n");
    }
    if (list.errors_elsewhere == 0) return lines;
    return lines + "Other sources have " + counted(list.errors_elsewhere, "error") +
           "; what needs them was not checked (ktx sl validate)\n";
  }
  return (errors == 0 ? "Valid: " : "Invalid: ") + counted(list.sources, "source") + " of " +
         counted(list.connections.size(), "connection") +
         (errors == 0 ? "" : ", " + counted(errors, "error")) + noted + "\n";
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

// The escapes of a workflow command. Properties end at a colon or a comma, so these are escaped there too.
std::string escaped(std::string_view text, bool property) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '%': result += "%25"; break;
      case '\r': result += "%0D"; break;
      case '\n': result += "%0A"; break;
      case ':': result += property ? "%3A" : ":"; break;
      case ',': result += property ? "%2C" : ","; break;
      default: result += c;
    }
  }
  return result;
}

std::string workflow_command(const Finding& said, const std::string& prefix) {
  const Finding finding = in_lines(said);
  std::string text = "::";
  // GitHub has no hints; its lowest level is a notice.
  text.append(finding.severity == Severity::hint ? "notice" : name(finding.severity));
  text.append(" file=").append(escaped(prefix + finding.file, true));
  if (finding.line != 0) {
    text += ",line=" + std::to_string(finding.line) + ",col=" + std::to_string(finding.column);
  }
  text += ",title=" + escaped(finding.code, true) + "::";
  std::string message = finding.message;
  const std::string question = did_you_mean(finding);
  if (!question.empty()) message += "\n" + question;
  if (!finding.fix.empty()) message += "\nfix: " + finding.fix;
  return text + escaped(message, false) + "\n";
}

}  // namespace

std::string render_finding(const Finding& finding) { return render(in_lines(finding)); }

std::string render_findings_text(const app::FindingList& list, bool verbose) {
  std::string text;
  ShortList shortened(list);
  for (const app::ListedFinding& listed : list.findings) {
    text += verbose ? render_finding(listed.finding) : shortened.text(listed.finding);
  }
  return text + summary(list, verbose);
}

std::string render_findings_json(const app::FindingList& list) {
  Json findings = Json::array();
  for (const app::ListedFinding& listed : list.findings) {
    Json& object = findings.emplace_back(to_json(listed.finding));
    object["connectionId"] = or_null(listed.connection_id);
    object["source"] = or_null(listed.finding.source);
  }
  return pretty_json({{"findings", findings},
                      {"errors", list.count(Severity::error)},
                      {"warnings", list.count(Severity::warning)},
                      {"hints", list.count(Severity::hint)},
                      {"sources", list.sources}});
}

std::string render_findings_github(const app::FindingList& list, const std::string& prefix) {
  std::string text;
  for (const app::ListedFinding& listed : list.findings) text += workflow_command(listed.finding, prefix);
  return text;
}

}  // namespace ktx::cli
