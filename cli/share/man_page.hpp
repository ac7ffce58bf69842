#pragma once

#include <string>

#include "ktx/commands/command_page.hpp"

namespace ktx::cli {

/// "ktx-sl-query" of "ktx sl query", which `man` finds as `man ktx sl query` too.
std::string man_page_name(std::string command);

/// The command's manual page, in man(7). `date` is "2026-05-01".
std::string man_page(const CommandPage& page, const std::string& date);

}  // namespace ktx::cli
