#pragma once

#include <CLI/App.hpp>
#include <string>

namespace ktx::cli {

/// "ktx-sl-query", which `man` finds as `man ktx sl query` too.
std::string man_page_name(const CLI::App& command);

/// The command's manual page, in man(7). `date` is "2026-05-01".
std::string man_page(const CLI::App& command, const std::string& date);

}  // namespace ktx::cli
