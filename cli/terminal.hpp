#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "style.hpp"

namespace ktx::cli {

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
