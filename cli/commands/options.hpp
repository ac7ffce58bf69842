#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "context.hpp"
#include "ktx/app/session.hpp"
#include "ktx/output/list_view.hpp"
#include "ktx/output/output_mode.hpp"
#include "ktx/output/result_output.hpp"
#include "ktx/search/search.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {

/// A text that a command is given on its command line, on stdin or in a file.
struct TextArgument {
  std::optional<std::string> text;  ///< "-" for stdin
  std::optional<std::string> file;  ///< "-" for stdin
};

/// Adds `option`, which takes the text itself, and `--file`.
void add_text_argument(CLI::App& command, TextArgument& argument, const std::string& option,
                       const std::string& description);

/// Throws a usage error unless the text is given in exactly one way.
void check_text_argument(const TextArgument& argument, const std::string& option);

/// The text. A relative file counts from the working directory. Throws an `io` error when it cannot be read.
std::string read_text_argument(const TextArgument& argument, const Context& context);

/// All of stdin, until its end.
std::string read_stdin();

/// For `transform` of an option that takes a whole number of a range, both ends of it included, in decimal
/// digits. What does not fit is refused in words: CLI11's own checks write the largest number that a double
/// holds, and its reading of numbers takes a number that is too large for the largest, and 010 for 8.
CLI::Validator whole_number(std::int64_t least, std::int64_t most = std::numeric_limits<std::int64_t>::max());

/// How a command that writes a list was told to write it.
struct ListOutputOptions {
  std::optional<std::string> output;
  bool json = false;
};

/// Adds `--output` and `--json`.
void add_list_output_options(CLI::App& command, ListOutputOptions& options);

/// The mode that they mean here. Throws a usage error for an unknown one.
OutputMode output_mode_of(const ListOutputOptions& options, const Context& context);

/// Writes the list to stdout; for a person, lines that are longer than the terminal are broken between words.
void write_list(const Context& context, OutputMode mode, std::string_view text);

/// How rows are wanted, as typed.
struct ResultOutputOptions {
  std::optional<std::string> format;  ///< the name of a ResultFormat, or one of the command's own formats
  std::optional<std::string> chart;   ///< "bar" or "line"; "auto" for the one that fits
  bool no_pager = false;
};

/// Adds --format, --chart and --no-pager. `own_formats` are what the command writes besides ("sql").
void add_result_output_options(CLI::App& command, ResultOutputOptions& options,
                               const std::vector<std::string>& own_formats = {});

/// The format that was named, else a table for a chart and on a terminal, and JSON elsewhere. One of the
/// command's own formats must have been dealt with before.
ResultFormat result_format(const ResultOutputOptions& options, const Terminal& terminal);

ResultChart result_chart(const ResultOutputOptions& options);

/// Throws a usage error for what cannot be shown: Parquet on a terminal, a chart in another format.
void check_result_output(const ResultOutputOptions& options, const Terminal& terminal);

/// What every search is told.
struct SearchOptions {
  std::vector<std::string> words;
  std::size_t limit = 10;
  bool reindex = false;
  ListOutputOptions output;
  app::PythonNeeds python;
};

/// Adds the words, `--limit`, `--reindex`, and the options of lists and of Python. `found` is what is
/// searched: "sources".
void add_search_options(CLI::App& command, SearchOptions& options, const std::string& found);

/// What to search for, everywhere.
search::Request search_request(const SearchOptions& options);

/// Says on stderr why lanes did not work, which JSON holds itself, and to a person at a terminal how to
/// search by meaning where that `may_be_installed`.
void note_lanes(const Context& context, const Lanes& lanes, OutputMode mode, bool may_be_installed);

/// Adds `--yes` and `--no-input` to a command that may install the runtime.
void add_install_policy_options(CLI::App& command, app::InstallConsent& options);

/// Adds these, `--daemon` and `--no-daemon`.
void add_python_options(CLI::App& command, app::PythonNeeds& options);

/// Throws a `usage` error when options were given that exclude each other.
void check_install_policy(const app::InstallConsent& options);

/// One command line that a reader may copy. Both texts must live as long as the program: literals.
struct Example {
  const char* command_line;  ///< "ktx sl list --json"
  const char* what;          ///< what it does, in a few words without a full stop
};

/// Gives the command examples. They stand under `Examples:` in its help and in its man page. Nothing is
/// done in a tree whose root has no `HelpFormatter` (a test's own).
void add_examples(CLI::App& command, std::initializer_list<Example> examples);

/// In the order in which they were given.
std::vector<Example> examples_of(const CLI::App& command);

}  // namespace ktx::cli
