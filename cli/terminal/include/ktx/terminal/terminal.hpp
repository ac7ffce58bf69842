#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// How text is emphasised on one stream. Without colour the functions return their text unchanged; with it
/// they mark it, and `shown` makes control sequences of the marks. Red and magenta can be read on black and
/// on white; yellow and cyan cannot.
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

  /// Whether more than ASCII can be shown: line drawing, blocks, "…". Data are UTF-8 in any case.
  bool unicode() const { return unicode_; }

 private:
  std::string wrapped(std::string_view code, std::string_view text) const;

  bool colour_ = false;
  bool unicode_ = true;
};

/// Decides about colour, for each stream on its own: NO_COLOR (not empty) says no; else CLICOLOR_FORCE
/// (neither empty nor 0) says yes; else CLICOLOR=0, TERM=dumb or no TERM say no; else a terminal has colour
/// and anything else has none.
Style choose_style(const Environment& environment, bool is_terminal);

/// Whether the terminal cannot take back what it shows: TERM is "dumb" or not set.
bool can_only_append(const Environment& environment);

/// Whether the process runs unattended: CI is set to something other than "", "0" and "false".
bool runs_in_ci(const Environment& environment);

/// The three streams of the process. stdout is data, stderr is everything else. What names of a project,
/// values or words of the user could do to a terminal is taken from them here, where every text passes: a
/// view need not think of it.
class Terminal {
 public:
  /// Looks at the descriptors once, and ignores SIGPIPE from here on: if the reader of stdout goes away,
  /// writing fails instead of killing the process.
  Terminal();

  /// Writes a text, as `shown`, to stdout. Throws `ClosedOutput` if its reader is gone, and an `io` error if
  /// it cannot be written (a full disk). JSON stays the same value: what is escaped can only stand in its
  /// strings.
  void out(std::string_view text) const;

  /// As `out`, but every byte as it is: for files and results that another program reads.
  void out_bytes(std::string_view bytes) const;

  /// Writes a text, as `shown`, to stderr. Failures are ignored: there is nowhere to report them.
  void err(std::string_view text) const;

  /// As `err`, but every byte as it is: for moves of the cursor. Texts in it must be `shown` before.
  void control(std::string_view sequences) const;

  bool out_is_terminal() const { return out_is_terminal_; }
  bool err_is_terminal() const { return err_is_terminal_; }
  bool in_is_terminal() const { return in_is_terminal_; }

  /// Decides about colours and characters for both streams. Before that there is no colour.
  void choose_styles(const Environment& environment);
  const Style& out_style() const { return out_style_; }
  const Style& err_style() const { return err_style_; }

  /// The width of a line at stdout and at stderr, in cells; std::nullopt if it is not a terminal.
  std::optional<std::size_t> out_limit() const;
  std::optional<std::size_t> err_limit() const;

  /// The size of the terminal at stdout at this moment, in cells; 80 by 24 if it does not say.
  std::size_t out_columns() const;
  std::size_t out_rows() const;

  /// The size of the terminal at stderr at this moment, in cells; 80 by 24 if it does not say.
  std::size_t err_columns() const;
  std::size_t err_rows() const;

 private:
  bool out_is_terminal_;
  bool err_is_terminal_;
  bool in_is_terminal_;
  Style out_style_;
  Style err_style_;
};

/// Thrown if the reader of stdout is gone: the command ends without a message and with 141.
struct ClosedOutput {};

}  // namespace ktx::cli
