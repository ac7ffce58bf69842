#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ktx/terminal/terminal.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// The terminal as a command writes a long answer to it: data on stdout, through the user's pager where they
/// do not fit, and remarks about them on stderr.
struct Screen {
  const Terminal& terminal;        ///< must outlive it, as must `environment`
  const Environment& environment;  ///< says which pager
  bool quiet = false;              ///< without remarks
  bool no_pager = false;

  /// Writes data to stdout. Where stdin and stdout are terminals and the text is longer than the screen, it
  /// goes through the pager. Quitting the pager early is no error: its user has seen what they wanted. A
  /// pager that cannot be started is named on stderr and done without. Throws an `interrupted` error when a
  /// signal to end arrives meanwhile, but for Ctrl-C, which is the pager's.
  void show(std::string_view text) const;

  /// Writes to stderr what is good to know and changes nothing about the answer, unless `quiet`.
  void note(std::string_view text) const {
    if (!quiet) terminal.err(text);
  }
};

/// The pager's command line for a shell: KTX_PAGER, else PAGER, else `less` where there is one and the
/// terminal is not a dumb one. Nothing when it is empty or `cat`.
std::optional<std::string> choose_pager(const Environment& environment);

}  // namespace ktx::cli
