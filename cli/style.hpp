#pragma once

#include <string>
#include <string_view>

#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// How text is set off on one stream. Without colour every function returns its text as it is. Red and
/// magenta are the colours that can be read on black and on white alike; yellow and cyan cannot.
class Style {
 public:
  Style() = default;
  Style(bool colour, bool unicode) : colour_(colour), unicode_(unicode) {}

  std::string bold(std::string_view text) const { return wrapped("1", text); }
  std::string dim(std::string_view text) const { return wrapped("2", text); }
  std::string error(std::string_view text) const { return wrapped("1;31", text); }
  std::string warning(std::string_view text) const { return wrapped("1;35", text); }
  std::string hint(std::string_view text) const { return wrapped("1", text); }

  /// The name of a severity ("error", "warning", "hint", "info") in its colour.
  std::string severity(std::string_view name) const;

  bool colour() const { return colour_; }

  /// Whether more than ASCII can be shown there: line drawing, blocks, "…". Data are UTF-8 in any case.
  bool unicode() const { return unicode_; }

 private:
  std::string wrapped(std::string_view code, std::string_view text) const;

  bool colour_ = false;
  bool unicode_ = true;
};

/// The one decision about colour, for each stream by itself: NO_COLOR (not empty) says no; else
/// CLICOLOR_FORCE (neither empty nor 0) says yes; else CLICOLOR=0 and TERM=dumb, or no TERM, say no; else
/// a terminal has colour and nothing else has.
Style choose_style(const Environment& environment, bool is_terminal);

}  // namespace ktx::cli
