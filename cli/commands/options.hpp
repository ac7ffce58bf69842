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

/// A text given on the command line, on stdin or in a file.
struct TextArgument {
  std::optional<std::string> text;  ///< "-" for stdin
  std::optional<std::string> file;  ///< "-" for stdin
};

/// Adds `option`, which takes the text itself, and `--file`.
void add_text_argument(CLI::App& command, TextArgument& argument, const std::string& option,
                       const std::string& description);

/// Throws a `usage` error unless the text is given in exactly one way.
void check_text_argument(const TextArgument& argument, const std::string& option);

/// The text. A relative path starts at the working directory. Throws an `io` error if it cannot be read.
std::string read_text_argument(const TextArgument& argument, const Context& context);

/// All of stdin, until its end.
std::string read_stdin();

/// For `transform` of an option that takes a whole number from `least` to `most`, in decimal digits. The
/// checks of CLI11 are not used: they print the largest double as a bound, clamp numbers that are too large,
/// and read 010 as 8.
CLI::Validator whole_number(std::int64_t least, std::int64_t most = std::numeric_limits<std::int64_t>::max());

/// How to write a list, as typed.
struct ListOutputOptions {
  std::optional<std::string> output;
  bool json = false;
};

/// Adds `--output` and `--json`.
void add_list_output_options(CLI::App& command, ListOutputOptions& options);

/// The mode that the options mean here. Throws a `usage` error for an unknown one.
OutputMode output_mode_of(const ListOutputOptions& options, const Context& context);

/// Writes the list to stdout. For a person, lines that are longer than the terminal is wide are broken
/// between words.
void write_list(const Context& context, OutputMode mode, std::string_view text);

/// How to write rows, as typed.
struct ResultOutputOptions {
  std::optional<std::string> format;  ///< the name of a ResultFormat, or one of the command's own formats
  std::optional<std::string> chart;   ///< "bar" or "line"; "auto" for the kind that fits
  bool no_pager = false;
};

/// Adds --format, --chart and --no-pager. `own_formats` are further formats of the command ("sql").
void add_result_output_options(CLI::App& command, ResultOutputOptions& options,
                               const std::vector<std::string>& own_formats = {});

/// The format that was named, else a table for a chart and on a terminal, else JSON. The command must have
/// handled its own formats before.
ResultFormat result_format(const ResultOutputOptions& options, const Terminal& terminal);

ResultChart result_chart(const ResultOutputOptions& options);

/// Throws a `usage` error for what cannot be shown: Parquet on a terminal, or a chart in another format.
void check_result_output(const ResultOutputOptions& options, const Terminal& terminal);

/// The options that all searches have.
struct SearchOptions {
  std::vector<std::string> words;
  std::size_t limit = 10;
  bool reindex = false;
  ListOutputOptions output;
  app::PythonNeeds python;
};

/// Adds the words, `--limit`, `--reindex`, and the options for lists and for Python. `found` is what is
/// searched: "sources".
void add_search_options(CLI::App& command, SearchOptions& options, const std::string& found);

/// The request, without a bound on where to search.
search::Request search_request(const SearchOptions& options);

/// Notes on stderr why lanes did not work (JSON has that itself), and, for a person at a terminal, how to
/// search by meaning if that `may_be_installed`.
void note_lanes(const Context& context, const Lanes& lanes, OutputMode mode, bool may_be_installed);

/// Adds `--yes` and `--no-input` to a command that may install the runtime.
void add_install_policy_options(CLI::App& command, app::InstallConsent& options);

/// Adds `--yes`, `--no-input`, `--daemon` and `--no-daemon`.
void add_python_options(CLI::App& command, app::PythonNeeds& options);

/// Throws a `usage` error if options exclude each other.
void check_install_policy(const app::InstallConsent& options);

/// A command line to copy. Both texts must live as long as the program: literals.
struct Example {
  const char* command_line;  ///< "ktx sl list --json"
  const char* what;          ///< what it does, in a few words without a full stop
};

/// Adds examples to a command. They are shown under `Examples:` in its help and its man page. Does nothing in
/// a tree whose root has no `HelpFormatter`, as in some tests.
void add_examples(CLI::App& command, std::initializer_list<Example> examples);

/// The examples of a command, in the order in which they were added.
std::vector<Example> examples_of(const CLI::App& command);

}  // namespace ktx::cli
