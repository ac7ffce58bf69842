#include "style.hpp"

#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

bool has_colour(const Environment& environment, bool is_terminal) {
  if (environment.variable("NO_COLOR")) return false;
  if (environment.variable("CLICOLOR_FORCE").value_or("0") != "0") return true;
  if (environment.variable("CLICOLOR") == "0") return false;
  return is_terminal && environment.variable("TERM").value_or("dumb") != "dumb";
}

/// As the C library chooses the character set: LC_ALL, else LC_CTYPE, else LANG.
bool has_unicode(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const auto locale = environment.variable(name)) {
      const std::string lower = lower_case(*locale);
      return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
    }
  }
  return false;
}

}  // namespace

std::string Style::severity(std::string_view name) const {
  if (name == "error") return error(name);
  return name == "warning" ? warning(name) : bold(name);
}

std::string Style::wrapped(std::string_view code, std::string_view text) const {
  std::string result(text);
  if (colour_ && !text.empty()) result.insert(0, "\x1b[" + std::string(code) + "m").append("\x1b[0m");
  return result;
}

Style choose_style(const Environment& environment, bool is_terminal) {
  return {has_colour(environment, is_terminal), has_unicode(environment)};
}

}  // namespace ktx::cli
