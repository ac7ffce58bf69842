#pragma once

#include <cstddef>
#include <optional>
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

/// Whether the terminal cannot take back what it shows: TERM is "dumb" or not set.
bool can_only_append(const Environment& environment);

/// Whether the process runs unattended: CI is set to something other than "", "0" and "false".
bool runs_in_ci(const Environment& environment);

/// The process's three streams. stdout is data, stderr is everything else.
class Terminal {
 public:
  /// Looks at the descriptors once. A reader of stdout that goes away must not kill the process by a
  /// signal, so SIGPIPE is ignored from here on.
  Terminal();

  /// Writes all of `text` to stdout. Throws `ClosedOutput` when nobody reads it any more and an `io`
  /// error when it cannot be written (a full disk).
  void out(std::string_view text) const;

  /// Writes to stderr; what cannot be written there is lost, there being nowhere to say so.
  void err(std::string_view text) const;

  bool out_is_terminal() const { return out_is_terminal_; }
  bool err_is_terminal() const { return err_is_terminal_; }
  bool in_is_terminal() const { return in_is_terminal_; }

  /// Decides about colours and characters, for both streams; before that there is no colour.
  void choose_styles(const Environment& environment);
  const Style& out_style() const { return out_style_; }
  const Style& err_style() const { return err_style_; }

  /// How wide a line may be at stdout and at stderr, in cells; nothing where there is no terminal.
  std::optional<std::size_t> out_limit() const;
  std::optional<std::size_t> err_limit() const;

  /// How large the terminal at stdout is at this moment, in cells; 80 and 24 where it does not say.
  std::size_t out_columns() const;
  std::size_t out_rows() const;

  /// How wide the terminal at stderr is at this moment, in cells; 80 when it does not say.
  std::size_t err_columns() const;

  /// How many lines it shows; 24 when it does not say.
  std::size_t err_rows() const;

 private:
  bool out_is_terminal_;
  bool err_is_terminal_;
  bool in_is_terminal_;
  Style out_style_;
  Style err_style_;
};

/// The reader of stdout is gone: the command ends quietly with 141.
struct ClosedOutput {};

}  // namespace ktx::cli
