#pragma once

#include <CLI/App.hpp>
#include <initializer_list>
#include <vector>

namespace ktx::cli {

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
