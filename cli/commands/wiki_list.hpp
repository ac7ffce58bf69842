#pragma once

#include <CLI/App.hpp>
#include <string>

#include "context.hpp"
#include "ktx/app/project_access.hpp"
#include "list_output.hpp"

namespace ktx::cli {

struct WikiListOptions {
  std::string user = app::default_user;
  ListOutputOptions output;
};

void setup_wiki_list(CLI::App& parent, Context& context);

/// Writes the pages that the user sees. Pages that cannot be read are reported on stderr, and the exit code
/// is then 1.
int run_wiki_list(const Context& context, const WikiListOptions& options, OutputMode mode);

/// Adds `--user-id`, whose value is checked by `check_user_id`.
void add_user_option(CLI::App& command, std::string& user);

/// Throws a usage error unless the id can name a folder.
void check_user_id(const std::string& user);

}  // namespace ktx::cli
