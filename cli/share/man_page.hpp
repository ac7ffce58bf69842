#pragma once

#include <string>

#include "ktx/commands/command_page.hpp"

namespace ktx::cli {

/// "ktx-sl-query" for "ktx sl query"; `man ktx sl query` finds it too.
std::string man_page_name(std::string command);

/// The manual page of the command, in man(7). `date` is "2026-05-01".
std::string man_page(const CommandPage& page, const std::string& date);

}  // namespace ktx::cli
