#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ktx/terminal/terminal.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// Where a command writes a long answer: data go to stdout, through the user's pager if they do not fit, and
/// remarks about them to stderr.
struct Screen {
  const Terminal& terminal;        ///< must outlive it, as must `environment`
  const Environment& environment;  ///< says which pager
  bool quiet = false;              ///< no remarks
  bool no_pager = false;

  /// Writes a text, as `shown`, to stdout. If stdin and stdout are terminals and the text is longer than the
  /// screen, it goes through the pager. Quitting the pager early is not an error: the user has seen enough. A
  /// pager that cannot be started is named on stderr, and the text is written without it. Throws an
  /// `interrupted` error if a signal to end arrives meanwhile, except for Ctrl-C, which belongs to the pager.
  void show(std::string_view text) const;

  /// As `show`, but every byte as it is.
  void show_bytes(std::string_view text) const;

  /// Writes a remark about the answer to stderr, unless `quiet`.
  void note(std::string_view text) const {
    if (!quiet) terminal.err(text);
  }
};

/// The command line of the pager, for a shell: KTX_PAGER, else PAGER, else `less` if it is installed and the
/// terminal is not a dumb one. std::nullopt if it is empty or `cat`.
std::optional<std::string> choose_pager(const Environment& environment);

}  // namespace ktx::cli
