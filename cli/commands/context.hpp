#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/session.hpp"
#include "ktx/terminal/pager.hpp"
#include "ktx/terminal/terminal.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {

/// The group of options that every command has.
inline constexpr const char* global_options = "Global options";

/// What every command gets: the session, whose remarks go to stderr, the streams, the global options, and the
/// place where parsing leaves the command to run.
class Context : public app::Session {
 public:
  Terminal terminal;
  bool debug = false;            ///< --debug
  bool quiet = false;            ///< --quiet
  std::function<int()> command;  ///< set by the chosen subcommand; returns the exit code

  /// Suppressed by --quiet.
  void note(const std::string& text) const override;
  void warn(const std::string& text) const override;
  /// Written only with --debug, after "[debug] ".
  void trace(const std::string& text) const override;
  void report(const std::vector<Finding>& findings) const override;
  bool can_confirm() const override;
  bool confirm(const std::string& question) const override;
  std::unique_ptr<app::InstallObserver> observe_install() const override;
  std::unique_ptr<app::Waiting> wait_for_database() const override;

  /// The text with its command lines of ktx as the user can start them in `folder`, or in the working
  /// directory. For all text that ktx itself writes, JSON included.
  std::string worded(std::string text, const std::optional<std::filesystem::path>& folder = {}) const;
  Error worded(const Error& error) const;

  /// Writes a text for people to stdout, `worded`, and on a terminal broken between words.
  void tell(const std::string& text) const;

  /// Where to write a long answer. This must outlive it.
  Screen screen(bool no_pager) const { return {terminal, environment, quiet, no_pager}; }

  /// The command line without the name of the program.
  std::vector<std::string> words() const;
};

}  // namespace ktx::cli
